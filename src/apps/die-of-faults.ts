import type { Log } from "#platform/log/index.ts";

/** EX_SOFTWARE: a fault of ours. */
const faultExitCode = 70;

/** After an error nobody caught nothing of the program can be trusted: its reason is logged and it ends at once. */
export function dieOfFaults(log: Log): void {
  process.on("uncaughtException", (err, origin) => {
    log.fatal({ err, origin }, "The program failed and ends");
    // Whoever watches us starts us again; the database server is not stopped for that.
    if (process.connected) process.removeAllListeners("exit");
    process.exit(faultExitCode);
  });
}
