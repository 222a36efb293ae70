import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeAll } from "#platform/files/index.ts";
import type { RestoredPlace } from "#platform/postgres/index.ts";
import { BackupError, isUnreadable } from "../backup/backup-error.ts";
import type { Catalog } from "../backup/catalog.ts";
import { followers, historyPath, type ArchivedSegment } from "../backup/log-files.ts";
import { loadBytes } from "../backup/store-file.ts";
import {
  historyTextOf,
  isHistoryName,
  isSegmentName,
  segmentBytes,
  segmentOf,
  timelineIn,
} from "../backup/wal-names.ts";
import { give, type BackupSource } from "./lay-out.ts";

export type WalFeed = {
  /** What the server runs for every file of the log it wants. */
  restoreCommand: string;
  /** Why a file could not be given; undefined while all could. */
  failure(): unknown;
  /** Whether the server asked for the last file there is: it took the log for ended before, where it did not. */
  isThrough(): boolean;
  bytes(): number;
  stop(): Promise<void>;
};

const ahead = 3;
const lookMilliseconds = 10;
const waits = 6_000;

/**
 * Gives a recovering server the files of the log it asks for, decrypted, a few ahead. The server's command is a
 * short wait in the shell, so no program is started per file. A file that does not open ends the recovery: a log
 * that merely seemed to end there would silently restore an earlier moment.
 */
export async function feedWal(
  source: BackupSource,
  catalog: Catalog,
  place: RestoredPlace,
): Promise<WalFeed> {
  const folder = join(place.directory, "wal");
  await rm(folder, { recursive: true, force: true });
  for (const each of ["", "want", "none"]) {
    await mkdir(join(folder, each), { mode: 0o700 });
    await give(place, join(folder, each));
  }
  const byName = new Map(catalog.segments.map((segment) => [segment.name, segment]));
  const follow = followers(catalog.segments, catalog.timelines);
  const given = new Set<string>();
  let failure: unknown;
  let bytes = 0;
  let newest = -1;

  const provide = async (segment: ArchivedSegment): Promise<void> => {
    if (given.has(segment.name)) return;
    given.add(segment.name);
    bytes += segment.bytes;
    await write(place, folder, segment.name, await readSegment(source, segment), segmentBytes);
  };
  const answer = async (name: string): Promise<void> => {
    const segment = isSegmentName(name) ? byName.get(name) : undefined;
    if (segment !== undefined) {
      newest = Math.max(newest, segmentOf(name).number);
      await provide(segment);
      await forget(folder, given, segmentOf(name).number - 2);
      for (let next = 1; next <= ahead; next++) {
        const following = follow(segmentOf(name).number + next);
        // Whether it is needed shows when it is asked for.
        if (following !== undefined) await provide(following).catch(() => given.delete(following.name));
      }
      return;
    }
    const history = isHistoryName(name) ? await historyOf(source, catalog, name) : undefined;
    if (history === undefined) await writeFile(join(folder, "none", name), "");
    else await write(place, folder, name, history, 0);
  };

  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        for (const name of await readdir(join(folder, "want"))) {
          await rm(join(folder, "want", name));
          await answer(name);
        }
      } catch (error) {
        failure = error;
        await writeFile(join(folder, "failed"), "");
        return;
      }
      await delay(lookMilliseconds);
    }
  };
  const running = run();
  const stop = async () => {
    stopping.abort();
    await running;
  };
  return {
    restoreCommand: commandFor(folder),
    failure: () => failure,
    isThrough: () => follow(newest + 1) === undefined,
    bytes: () => bytes,
    stop,
  };
}

/** A file of the log does not open, nor does another one of the same part of it. */
export class UnreadableLog extends BackupError {
  readonly segment: ArchivedSegment;
  constructor(segment: ArchivedSegment, cause: BackupError) {
    super(cause.code, cause.message, { cause });
    this.segment = segment;
  }
}

async function readSegment({ location, keyring }: BackupSource, segment: ArchivedSegment): Promise<Buffer> {
  let first: BackupError | undefined;
  for (const path of [segment.path, ...(segment.others ?? [])])
    try {
      return await loadBytes(location, keyring, path);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      first ??= error;
    }
  throw new UnreadableLog(segment, first!);
}

/**
 * The server goes back to older files while the newer ones it asked for are still being answered, which takes the older
 * ones away: it says what it wants until it has it, and what went away while it was copied is wanted again.
 */
function commandFor(folder: string): string {
  const escaped = folder.replaceAll("'", String.raw`'\''`).replaceAll("%", "%%");
  const quoted = (name: string) => `'${escaped}/${name}'`;
  const file = `${quoted("")}%f`;
  // 255 ends the recovery; 1 says that there is no such file.
  return [
    `n=0; while : > ${quoted("want/")}%f`,
    `do if test -f ${file}; then cp ${file} "%p" && exit 0`,
    `if test -f ${file}; then exit 255; fi; fi`,
    `if test -f ${quoted("none/")}%f; then exit 1; fi`,
    `if test -f ${quoted("failed")} || test $n -gt ${waits}; then exit 255; fi`,
    `n=$((n+1)); sleep 0.01; done; exit 255`,
  ].join("; ");
}

/**
 * How the log came to a timeline. One that is lost or does not open is told from the files of the log: a server that is
 * told of none would take the log for ended where the timeline before was left.
 */
async function historyOf(
  { location, keyring }: BackupSource,
  { timelines }: Catalog,
  name: string,
): Promise<Buffer | undefined> {
  try {
    return await loadBytes(location, keyring, historyPath(name));
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    const isAfterAll = timelineIn(name) > (timelines.at(-1)?.timeline ?? 0);
    return isAfterAll ? undefined : Buffer.from(historyTextOf(timelineIn(name), timelines));
  }
}

async function write(
  place: RestoredPlace,
  folder: string,
  name: string,
  content: Buffer,
  fill: number,
): Promise<void> {
  const draft = join(folder, `.${name}`);
  const file = await open(draft, "w", 0o600);
  await writeAll(file, content);
  // What follows the last record of a segment is zeros, which were not stored.
  if (content.length < fill) await file.truncate(fill);
  await file.close();
  await give(place, draft);
  await rename(draft, join(folder, name));
}

async function forget(folder: string, given: Set<string>, before: number): Promise<void> {
  for (const name of given) {
    if (segmentOf(name).number >= before) continue;
    given.delete(name);
    await rm(join(folder, name), { force: true });
  }
}
