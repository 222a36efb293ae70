import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { writeAll } from "#platform/files/index.ts";
import type { RestoredPlace } from "#platform/postgres/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import type { Catalog } from "../backup/catalog.ts";
import { followers, type ArchivedSegment } from "../backup/log-files.ts";
import { loadBytes } from "../backup/store-file.ts";
import { isHistoryName, isSegmentName, segmentBytes, segmentOf } from "../backup/wal-names.ts";
import { give, type BackupSource } from "./lay-out.ts";

export type WalFeed = {
  /** What the server runs for every file of the log it wants. */
  restoreCommand: string;
  /** Why a file could not be given; undefined while all could. */
  failure(): unknown;
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

  const provide = async (segment: ArchivedSegment): Promise<void> => {
    if (given.has(segment.name)) return;
    given.add(segment.name);
    bytes += segment.bytes;
    await write(place, folder, segment.name, await readSegment(source, segment), segmentBytes);
  };
  const answer = async (name: string): Promise<void> => {
    const segment = isSegmentName(name) ? byName.get(name) : undefined;
    if (segment !== undefined) {
      await provide(segment);
      await forget(folder, given, segmentOf(name).number - 2);
      for (let next = 1; next <= ahead; next++) {
        const following = follow(segmentOf(name).number + next);
        // Whether it is needed shows when it is asked for.
        if (following !== undefined) await provide(following).catch(() => given.delete(following.name));
      }
    } else if (isHistoryName(name) && (await hasHistory(source, name))) {
      await write(
        place,
        folder,
        name,
        await loadBytes(source.location, source.keyring, `wal/history/${name}`),
        0,
      );
    } else {
      await writeFile(join(folder, "none", name), "");
    }
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
  return { restoreCommand: commandFor(folder), failure: () => failure, bytes: () => bytes, stop };
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
      if (!(error instanceof BackupError) || !unreadable.includes(error.code)) throw error;
      first ??= error;
    }
  throw new UnreadableLog(segment, first!);
}

const unreadable: BackupError["code"][] = ["missing", "damaged", "key_missing"];

function commandFor(folder: string): string {
  const escaped = folder.replaceAll("'", String.raw`'\''`).replaceAll("%", "%%");
  const quoted = (name: string) => `'${escaped}/${name}'`;
  const file = `${quoted("")}%f`;
  // 255 ends the recovery; 1 says that there is no such file.
  return [
    `: > ${quoted("want/")}%f; n=0`,
    `until test -f ${file}; do if test -f ${quoted("none/")}%f; then exit 1; fi`,
    `if test -f ${quoted("failed")} || test $n -gt ${waits}; then exit 255; fi`,
    `n=$((n+1)); sleep 0.01; done; cp ${file} "%p"`,
  ].join("; ");
}

async function hasHistory({ location }: BackupSource, name: string): Promise<boolean> {
  return (await location.list("wal/history")).some((each) => each.name === `wal/history/${name}`);
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
