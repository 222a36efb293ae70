import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { allControls, lastChecks, nextCheck } from "#controls/index.ts";
import type { Log } from "#platform/log/index.ts";
import type { Tenancy } from "#platform/tenancy/index.ts";
import { runBeside } from "./schedule-backups.ts";

const program = join(import.meta.dirname, "controls/controls.ts");
const lookMilliseconds = 10 * 60_000;

/**
 * Checks each control once a day, one at a time and ten minutes apart, on the canary, by a program of its own. What it
 * saw is evidence in the registry, of which status, metrics and alerts tell.
 */
export function scheduleControls({ registry }: Pick<Tenancy, "registry">, log: Log) {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = () => delay(lookMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
  const run = async (): Promise<void> => {
    for (await pause(); !signal.aborted; await pause()) {
      try {
        const due = nextCheck(allControls, await lastChecks(registry), new Date());
        if (due === undefined) continue;
        const { code, output } = await runBeside(program, [`--only=${due}`], signal);
        if (code !== 0) log.error({ control: due, output }, "A control is not kept");
      } catch (error) {
        if (!signal.aborted) log.error({ err: error }, "A control could not be checked");
      }
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
