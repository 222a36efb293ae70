import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../log/index.ts";
import type { Cluster } from "./cluster.ts";
import { isPostmasterOf, type Postmaster } from "./postmaster.ts";
import { startPostmaster } from "./start-postmaster.ts";

export type Keeper = { pid(): number; end(): Promise<void> };

const lookMilliseconds = 200;
const retryMilliseconds = 2_000;

/** Starts the server again whenever it is gone, until `end`. Connections meanwhile fail as "database away". */
export function keepRunning(cluster: Cluster, first: Postmaster, log: Log): Keeper {
  let pid = first.pid;
  const ending = new AbortController();

  const watch = async (): Promise<void> => {
    while (!ending.signal.aborted) {
      await pause(lookMilliseconds, ending.signal);
      if (ending.signal.aborted || (await isPostmasterOf(pid, cluster.folder))) continue;
      log.error({ pid }, "The database server is gone; starting it again");
      try {
        ({ pid } = await startPostmaster(cluster));
        log.info({ pid }, "The database server runs again");
      } catch (error) {
        log.error({ err: error }, "The database server does not start");
        await pause(retryMilliseconds, ending.signal);
      }
    }
  };
  const watching = watch();

  return {
    pid: () => pid,
    async end() {
      ending.abort();
      await watching;
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
