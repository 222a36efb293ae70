import { BackupError } from "./backup-error.ts";

/** Asks a file system for one thing, and gives up when it does not answer. */
export type FileCalls = <Answer>(call: () => Promise<Answer>, milliseconds?: number) => Promise<Answer>;

export const usualMilliseconds = 15_000;
// The program's own files, names and hashes need threads of the four there are: a frozen disk may hold two of them.
const atOnceMax = 2;

const byFolder = new Map<string, FileCalls>();

/** One for all who use that folder: what hangs for one hangs for all. */
export function fileCallsOf(folder: string): FileCalls {
  const known = byFolder.get(folder);
  if (known !== undefined) return known;
  const made = fileCalls(folder);
  byFolder.set(folder, made);
  return made;
}

/** Of calls that hang nobody can be rid of; they keep their places until they return. Throws BackupError `location_away`. */
export function fileCalls(folder: string, atOnce = atOnceMax): FileCalls {
  let running = 0;
  let hanging = 0;
  let silentSince = "";
  const waiting: { go: () => void; giveUp: (error: unknown) => void }[] = [];
  const away = () =>
    new BackupError(
      "location_away",
      `${folder} does not answer since ${silentSince}: its disk is frozen, or the way to it is cut. Look at the disk; the log waits meanwhile.`,
    );
  const turn = (): Promise<void> => {
    if (hanging >= atOnce) return Promise.reject(away());
    if (running >= atOnce)
      return new Promise((resolve, reject) => waiting.push({ go: resolve, giveUp: reject }));
    running += 1;
    return Promise.resolve();
  };
  const done = () => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next.go();
  };
  return async (call, milliseconds = usualMilliseconds) => {
    await turn();
    return new Promise((resolve, reject) => {
      let hangs = false;
      const timer = setTimeout(() => {
        hangs = true;
        if (hanging === 0) silentSince = new Date(Date.now() - milliseconds).toISOString();
        hanging += 1;
        reject(away());
        if (hanging >= atOnce) for (const { giveUp } of waiting.splice(0)) giveUp(away());
      }, milliseconds);
      call()
        .then(resolve, reject)
        .finally(() => {
          clearTimeout(timer);
          if (hangs) hanging -= 1;
          done();
        });
    });
  };
}
