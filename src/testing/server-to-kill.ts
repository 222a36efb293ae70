// Starts the embedded server of a folder and stays, for the test that kills it.
import { openLog } from "#platform/log/index.ts";
import { startEmbeddedPostgres } from "#platform/postgres/index.ts";

const server = await startEmbeddedPostgres({
  directory: process.argv[2] ?? "",
  log: openLog({ level: "silent" }),
});
process.stdout.write(`${server.pid()}\n`);
setInterval(() => undefined, 60_000);
