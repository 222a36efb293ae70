// npm start: installs, builds what is stale, then runs the server with the right Node until it ends.
import { join } from "node:path";
import { install, root, say, stop } from "./install.mjs";
import { runUntilEnd } from "./run-until-end.mjs";
import { buildWeb, webIsStale } from "./web.mjs";

install();
if (webIsStale()) {
  say("Building the web app …");
  const result = buildWeb();
  if (!result.ok) stop(result.output, "The web app could not be built.");
}
runUntilEnd(join(root, "src", "apps", "serve.ts"), process.argv.slice(2));
