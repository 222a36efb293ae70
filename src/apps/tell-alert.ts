import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Alert } from "#hosting/index.ts";
import type { Log } from "#platform/log/index.ts";

/** A program that hangs must not keep the next alert from being told. */
const milliseconds = 30_000;

/** Logs each alert and hands it as JSON to the host's own program on standard input, if there is one. */
export function tellsAlerts(log: Log, program: string | undefined): (alert: Alert) => Promise<void> {
  return async (alert) => {
    const { code, state, words } = alert;
    if (state === "appeared") log.error({ code, state }, words);
    else log.warn({ code, state }, `No more: ${words}`);
    if (!program) return;
    await run(program, JSON.stringify(alert)).catch((error: Error) =>
      log.error({ code, program, reason: error.message }, "STRONGROOM_ALERT did not take the alert"),
    );
  };
}

async function run(program: string, input: string): Promise<void> {
  const child = spawn(program, [], { stdio: ["pipe", "ignore", "ignore"], timeout: milliseconds });
  // It may end without having read everything; how it ended tells.
  child.stdin.on("error", () => undefined);
  child.stdin.end(`${input}\n`);
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (code !== 0) throw new Error(`it ended with ${code ?? signal}`);
}
