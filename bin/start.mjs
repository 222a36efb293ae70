// npm start: installs, builds what is stale, then runs the server with the right Node, and again
// whenever it dies, until it is ended.
import { join } from "node:path";
import { install, root, say, stop } from "./install.mjs";
import { watchProgram } from "./watch-program.mjs";
import { buildWeb, webIsStale } from "./web.mjs";

install();
if (webIsStale()) {
  say("Building the web app …");
  const result = buildWeb();
  if (!result.ok) stop(result.output, "The web app could not be built.");
}
watchProgram(join(root, "src", "apps", "serve.ts"), process.argv.slice(2));
