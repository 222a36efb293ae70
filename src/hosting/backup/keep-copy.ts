import { once as event } from "node:events";
import { PassThrough } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "#platform/log/index.ts";
import { BackupError } from "./backup-error.ts";
import { copiedFolders, copyDifference, unfinished } from "./copy-difference.ts";
import type { Keyring } from "./keyring.ts";
import { once, type BackupLocation } from "./location.ts";
import { headPath } from "./log-chain.ts";
import { unsealed } from "./sealed-stream.ts";
import type { Shipper } from "./ship-wal.ts";

export type CopyPair = { location: BackupLocation; copy: BackupLocation; keyring: Pick<Keyring, "find"> };

/** Looking through tens of thousands of files takes one part in thirty of the time, and what was missed waits a minute at most. */
const pause = { least: 2_000, most: 60_000, perLook: 29 };
/** So long an end waits for what is on its way. */
const doneMilliseconds = 5_000;
/** With more than that on its way the copy is away or slow, and the next look brings it all. */
const onTheWayMax = 10;
/** Storage elsewhere counts what it is asked. */
const leastElsewhere = 15_000;

export type Copier = Shipper & {
  /** The first location, of which every file that is put there is brought to the copy at once, without a look. */
  location: BackupLocation;
};

/**
 * Brings everything that is in the first location to the copy while it runs; log and base backups side by side, so that
 * a large archive keeps no log waiting. What failed is tried again at the next look.
 */
export function startCopying(pair: CopyPair, log: Log): Copier {
  const stopping = new AbortController();
  const { signal } = stopping;
  const run = async (folder: string): Promise<void> => {
    let failing = "";
    while (!signal.aborted) {
      const began = performance.now();
      try {
        await copyNew(pair, folder, signal);
        if (failing !== "") log.info({ folder }, "The backups are copied again");
        failing = "";
      } catch (error) {
        const { message } = error as Error;
        if (message !== failing && !signal.aborted)
          log.error({ err: error, folder }, "The backups cannot be copied; they wait");
        failing = message;
      }
      const wanted = Math.min(pause.most, (performance.now() - began) * pause.perLook);
      const least = (await isElsewhere(pair)) ? leastElsewhere : pause.least;
      await delay(Math.max(least, wanted), undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = Promise.all(copiedFolders.map(run));
  const soon = bringsSoon(pair, signal);
  return {
    location: {
      ...pair.location,
      async put(name, content) {
        const stored = await pair.location.put(name, content);
        soon.bring(name);
        return stored;
      },
    },
    async stop() {
      await soon.done();
      stopping.abort();
      await running;
    },
  };
}

/** One file after the other; what fails here is found by the next look, which tells of it. */
function bringsSoon({ location, copy, keyring }: CopyPair, signal: AbortSignal) {
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();
  return {
    bring(name: string): void {
      if (waiting >= onTheWayMax) return;
      waiting += 1;
      last = last
        .then(() => copy.put(name, proved({ location, copy, keyring }, name, signal)))
        .catch(() => undefined)
        .finally(() => (waiting -= 1));
    },
    done: () => Promise.race([last, delay(doneMilliseconds, undefined, { ref: false })]),
  };
}

async function isElsewhere({ location, copy }: CopyPair): Promise<boolean> {
  const grounds = await Promise.all([location, copy].map((each) => each.ground().catch(() => undefined)));
  return grounds.some((ground) => ground?.startsWith("storage "));
}

/** Copies what the copy lacks. Returns how many files; throws BackupError when some could not be copied. */
export async function copyNew(pair: CopyPair, folder: string, signal?: AbortSignal): Promise<number> {
  const { location, copy } = pair;
  const head = folder === "wal" ? await headOf(location) : undefined;
  const { waiting, alone } = await copyDifference(location, copy, folder);
  for (const name of await unfinished(location, copy, alone)) await copy.remove(name);
  let spoilt: BackupError | undefined;
  for (const { name } of waiting) {
    signal?.throwIfAborted();
    try {
      await copy.put(name, proved(pair, name, signal));
    } catch (error) {
      // Purged, or cut off and removed, since it was listed.
      if (isBackupError(error, "missing")) continue;
      // One file that is damaged here keeps no other one waiting.
      if (!isBackupError(error, "damaged") && !isBackupError(error, "key_missing")) throw error;
      spoilt ??= error;
    }
  }
  if (spoilt !== undefined) throw spoilt;
  // Read before the log was: what it names is in the copy by now.
  if (head !== undefined && !(await headOf(copy))?.equals(head)) await copy.put(headPath, once(head));
  return waiting.length;
}

/** As it is stored. */
async function headOf(location: BackupLocation): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of location.read(headPath)) pieces.push(piece);
    return Buffer.concat(pieces);
  } catch (error) {
    if (isBackupError(error, "missing")) return undefined;
    throw error;
  }
}

const isBackupError = (error: unknown, code: BackupError["code"]): error is BackupError =>
  error instanceof BackupError && error.code === code;

/** A stored file as it is, which breaks at its end unless its seal opens: what is damaged here is not copied. */
async function* proved(
  { location, keyring }: CopyPair,
  name: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const tested = new PassThrough();
  const opened = readThrough(unsealed(keyring, name, tested));
  opened.catch(() => tested.destroy());
  try {
    for await (const chunk of location.read(name)) {
      signal?.throwIfAborted();
      if (!tested.write(chunk)) await Promise.race([event(tested, "drain"), opened]);
      yield chunk;
    }
    tested.end();
    await opened;
  } finally {
    tested.destroy();
  }
}

export async function readThrough(content: AsyncIterable<Uint8Array>): Promise<number> {
  let bytes = 0;
  for await (const chunk of content) bytes += chunk.length;
  return bytes;
}
