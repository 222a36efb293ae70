import { setTimeout as delay } from "node:timers/promises";
import { wakeCheckpointer } from "../backup/archive-pace.store.ts";
import { beat } from "../backup/base-backup.store.ts";
import { readNotes } from "../backup/run-notes.ts";
import { noteSchedule } from "../backup/schedule-note.ts";
import { noteWritten } from "../backup/written.ts";
import { tidyMoments } from "../moments/tidy-moments.ts";
import { nextApproved } from "../requests/requests.store.ts";
import { settleRequests } from "../requests/work-off.ts";
import { nextToDrill } from "./drill.ts";
import { keepDoing } from "./keep-doing.ts";
import { choreDue } from "./schedule.ts";
import type { Recovery } from "./scratch-tenant.ts";
import { tidyRestores, undoCutOff } from "./tidy-restores.ts";

export type RunningSchedule = { stop(): Promise<void> };

const lookMilliseconds = 60_000;
const beatMilliseconds = 20_000;
const undoMilliseconds = 2_000;
const requestMilliseconds = 2_000;
const requestPauseMilliseconds = 30_000;

/**
 * Looks every minute, and after a chore at once, for what is due and has it done, one at a time, by `carryOut`: the words of a command for a program
 * of its own that stands back for this one. What tenants asked and the host approved begins within seconds, beside the
 * chores; what one left that was ended in its middle is undone within seconds. Commits a beat three times a minute, so that an idle server too can say up to when its log is safe.
 */
export function runSchedule(
  recovery: Recovery,
  carryOut: (words: readonly string[], signal: AbortSignal) => Promise<void>,
  clock: () => Date,
): RunningSchedule {
  const stopping = new AbortController();
  const { log } = recovery;
  const every = (milliseconds: number, what: string, look: Parameters<typeof keepDoing>[2]) =>
    keepDoing(
      {
        isOver: () => stopping.signal.aborted,
        wait: (pause) =>
          delay(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined),
        failed: (error) => log.error({ err: error }, what),
      },
      milliseconds,
      look,
    );
  const look = async () => {
    await tidyRestores(recovery);
    await tidyMoments(recovery);
    const due = choreDue(await standingOf(recovery), clock());
    if (due === undefined) return "nothing to do";
    await carryOut(["backup", due], stopping.signal);
    return "did something";
  };
  const serveRequests = async () => {
    await settleRequests(recovery);
    const id = await nextApproved(recovery.tenancy.registry);
    if (id === undefined) return "nothing to do";
    try {
      await carryOut(["restore", "work", id], stopping.signal);
      return "did something";
    } catch (error) {
      // One that cannot even begin is not tried again at once.
      await delay(requestPauseMilliseconds, undefined, { signal: stopping.signal, ref: false }).catch(
        () => undefined,
      );
      throw error;
    }
  };
  const undo = async () => {
    await undoCutOff(recovery);
    return "nothing to do" as const;
  };
  const { directory } = recovery.backups;
  let awake: string | undefined;
  const alive = async () => {
    await noteSchedule(directory, { at: clock().toISOString(), runs: true });
    awake = await wakeCheckpointer(recovery.connection, awake);
    await beat(recovery.connection);
    await noteWritten(directory, recovery.connection, clock());
    return "nothing to do" as const;
  };
  const running = Promise.all([
    every(lookMilliseconds, "A chore of the backups failed", look),
    every(requestMilliseconds, "What a tenant asked failed", serveRequests),
    every(undoMilliseconds, "What an ended restore left cannot be cleared away", undo),
    every(beatMilliseconds, "The database takes no beat", alive),
  ]);
  return {
    async stop() {
      stopping.abort();
      await running;
      await noteSchedule(directory, { at: clock().toISOString(), runs: false });
    },
  };
}

async function standingOf(recovery: Recovery) {
  const { backups, tenancy } = recovery;
  const notes = await readNotes(backups.directory);
  const tenants = (await tenancy.list()).length;
  return { notes, newest: await backups.newest(), oldestDrill: await nextToDrill(recovery), tenants };
}
