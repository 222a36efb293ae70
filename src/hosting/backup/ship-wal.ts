import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "#platform/log/index.ts";
import { shippedFolder } from "#platform/postgres/index.ts";
import { BackupError } from "./backup-error.ts";
import { once } from "./location.ts";
import type { BuiltIn } from "./built-in.ts";
import { loadBytes, storeFile } from "./store-file.ts";
import { makeMark, noteShipping, readyFiles } from "./shipping-notes.ts";
import { isHistoryName, isSegmentName, segmentBytes } from "./wal-names.ts";

export type Shipper = {
  /** Ends after the file in hand. Stop the server before it: the server hands over its last file while it stops. */
  stop(): Promise<void>;
};

const lookMilliseconds = 200;
const retryMilliseconds = 5_000;

/**
 * Brings every finished file of the write-ahead log to the location: compressed, encrypted, on disk there, and
 * only then marked, which lets the server recycle it. While the location is away the files wait in `pg_wal`.
 */
export function startShipper(backups: BuiltIn, log: Log): Shipper {
  const stopping = new AbortController();
  let failing = "";
  const round = async (): Promise<void> => {
    try {
      const shipped = await shipAll(backups, stopping.signal);
      if (failing !== "") log.info("The write-ahead log is shipped again");
      if (shipped || failing !== "") await noteShipping(backups.directory, { at: new Date().toISOString() });
      failing = "";
    } catch (error) {
      const { message } = error as Error;
      if (message !== failing) log.error({ err: error }, "The write-ahead log cannot be shipped; it waits");
      await noteShipping(backups.directory, {
        failingSince: new Date().toISOString(),
        failure: message,
      }).catch(() => undefined);
      failing = message;
    }
  };
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await round();
      const pause = failing === "" ? lookMilliseconds : retryMilliseconds;
      await delay(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
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

/** Ships what is ready, oldest first. True when there was something. */
export async function shipAll(backups: BuiltIn, signal?: AbortSignal): Promise<boolean> {
  const { directory } = backups;
  const ready = await readyFiles(directory);
  const marks = new Set(await readdir(shippedFolder(directory)));
  // The server has seen the mark when it no longer says that the file is ready.
  for (const name of marks)
    if (!ready.includes(name)) await rm(join(shippedFolder(directory), name), { force: true });
  const waiting = ready.filter((name) => !marks.has(name));
  for (const name of waiting) {
    if (signal?.aborted) return true;
    await shipOne(backups, name);
    await makeMark(shippedFolder(directory), name);
  }
  return waiting.length > 0;
}

async function shipOne(backups: BuiltIn, name: string): Promise<void> {
  const path = join(backups.directory, "postgres/pg_wal", name);
  if (isHistoryName(name)) return store(backups, "wal/history", name, name, await readFile(path));
  // Notes on base backups, and the last part of a left timeline, which the next one begins with.
  if (!isSegmentName(name)) return undefined;
  // The server no longer writes to it: its last change is the time up to which it holds everything.
  const { mtimeMs } = await stat(path);
  const content = await readFile(path);
  if (content.length !== segmentBytes) throw new Error(`${name} has ${content.length} bytes.`);
  const folder = `wal/${name.slice(0, 16)}`;
  await store(backups, folder, name, `${name}.${Math.floor(mtimeMs)}`, withoutZeros(content));
}

async function store(
  { location, keyring }: BuiltIn,
  folder: string,
  stem: string,
  name: string,
  content: Buffer,
): Promise<void> {
  const same = (await location.list(folder)).find((each) => each.name.startsWith(`${folder}/${stem}`));
  if (same === undefined)
    return void (await storeFile(location, keyring.current, `${folder}/${name}`, once(content)));
  // It was shipped and the mark was lost in a crash; or another server writes to the same location.
  const there = await loadBytes(location, keyring, same.name);
  if (there.equals(content)) return;
  throw new BackupError(
    "location_taken",
    `${location.name} already holds another ${stem}: a second server writes there, or a recovered one beside the lost one. Point STRONGROOM_BACKUP to another empty folder.`,
  );
}

// A segment that was closed by the clock is mostly zeros.
function withoutZeros(content: Buffer): Buffer {
  const words = new BigUint64Array(content.buffer, content.byteOffset, content.length / 8);
  let end = words.length;
  while (end > 0 && words[end - 1] === 0n) end--;
  return content.subarray(0, end * 8);
}
