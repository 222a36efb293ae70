import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "#platform/log/index.ts";
import { shippedFolder } from "#platform/postgres/index.ts";
import { BackupError } from "./backup-error.ts";
import type { BuiltIn } from "./built-in.ts";
import { headNotes, type Head } from "./line-notes.ts";
import { once } from "./location.ts";
import {
  chained,
  headPath,
  isCut,
  logFileOf,
  logFolder,
  logPath,
  noChain,
  shortDigest,
} from "./log-chain.ts";
import { sealed, sealedLength } from "./sealed-stream.ts";
import { compressed, loadBytes, storeFile } from "./store-file.ts";
import { makeMark, noteShipping, readyFiles } from "./shipping-notes.ts";
import { endOfSegment, shippedPlaces } from "./written.ts";
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
  let isOurs = false;
  const round = async (): Promise<void> => {
    try {
      if (!isOurs) await backups.location.claimAnew?.();
      isOurs = true;
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
  if (isHistoryName(name)) return shipHistory(backups, name, await readFile(path));
  // Notes on base backups, and the last part of a left timeline, which the next one begins with.
  if (!isSegmentName(name)) return undefined;
  // The server no longer writes to it: its last change is the time up to which it holds everything.
  const { mtimeMs } = await stat(path);
  const content = await readFile(path);
  if (content.length !== segmentBytes) throw new Error(`${name} has ${content.length} bytes.`);
  await shipSegment(backups, name, withoutZeros(content), new Date(Math.floor(mtimeMs)));
}

async function shipHistory(
  { location, keyring }: Pick<BuiltIn, "location" | "keyring">,
  name: string,
  content: Buffer,
): Promise<void> {
  const path = `wal/history/${name}`;
  if (!(await location.list("wal/history")).some((each) => each.name === path))
    return void (await storeFile(location, keyring.current, path, once(content)));
  if (!(await loadBytes(location, keyring, path)).equals(content)) throw taken(location.name, name);
}

async function shipSegment(backups: BuiltIn, name: string, content: Buffer, closedAt: Date): Promise<void> {
  const { location, keyring, directory } = backups;
  const shipped = (await there(backups, name, content)) ?? (await put());
  await storeFile(location, keyring.current, headPath, once(Buffer.from(JSON.stringify(shipped))));
  await headNotes.keep(directory, location.identity, shipped);
  await shippedPlaces.keep(directory, { place: endOfSegment(name) });

  async function put(): Promise<Head> {
    const { chain: before } = (await headNotes.read(directory, location.identity)) ?? { chain: noChain };
    const packed = await compressed(content);
    const link = { bytes: sealedLength(packed.length), digest: shortDigest(packed) };
    const chain = chained(before, { name, closedAt, ...link });
    const path = logPath(name, closedAt, { ...link, chain });
    await location.put(path, sealed(keyring.current, path, once(packed)));
    return { segment: name, path, chain, closedAt: closedAt.toISOString() };
  }
}

/** It was shipped and the mark was lost in a crash. What is there of it and does not open is shipped once more. */
async function there(
  { location, keyring }: BuiltIn,
  name: string,
  content: Buffer,
): Promise<Head | undefined> {
  const same = (await location.list(logFolder(name))).flatMap((each) => logFileOf(each) ?? []);
  for (const file of same.filter((each) => each.name === name && !isCut(each))) {
    const { path, closedAt, link } = file;
    const found = await loadBytes(location, keyring, path).catch(ifDamaged);
    if (found === undefined) continue;
    if (!found.equals(content)) throw taken(location.name, name);
    return { segment: name, path, chain: link?.chain ?? noChain, closedAt: closedAt.toISOString() };
  }
  return undefined;
}

function ifDamaged(error: unknown): undefined {
  if (!(error instanceof BackupError) || error.code !== "damaged") throw error;
}

const taken = (place: string, name: string): BackupError =>
  new BackupError(
    "location_taken",
    `${place} already holds another ${name}: a second server writes there, or a recovered one beside the lost one. Point STRONGROOM_BACKUP to another empty folder.`,
  );

// A segment that was closed by the clock is mostly zeros.
function withoutZeros(content: Buffer): Buffer {
  const words = new BigUint64Array(content.buffer, content.byteOffset, content.length / 8);
  let end = words.length;
  while (end > 0 && words[end - 1] === 0n) end--;
  return content.subarray(0, end * 8);
}
