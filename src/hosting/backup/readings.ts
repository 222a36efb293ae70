import { isUnreadable } from "./backup-error.ts";
import { copiedFolders } from "./copy-difference.ts";
import { readThrough } from "./keep-copy.ts";
import type { Keyring } from "./keyring.ts";
import type { BackupLocation, Listed } from "./location.ts";
import { listLabels } from "./manifest.ts";
import { noteFile } from "./note-file.ts";
import { keepingPace } from "./pace.ts";
import { loadFile } from "./store-file.ts";

/** When each file was last read from beginning to end, in seconds, and those that did not open, with the reason. */
type Readings = { read: Record<string, number>; failed: Record<string, string> };

/** What was read of a location, and when; times ISO 8601. Nothing is said of what is unread. */
export type ReadingStanding = {
  files: number;
  bytes: number;
  /** Within the days that backups are kept. */
  read: number;
  /** The reading that is longest ago. */
  oldest?: string;
  /** Kept for more than half of those days, and not read in them. */
  overdue: number;
  failed: string[];
};

const noted = noteFile<Record<string, Readings>>("readings.json");
const none: Readings = { read: {}, failed: {} };
const megabyte = 1024 * 1024;
/** Quiet reading; a small location is through before anybody could notice. */
const readingPace = { perSecond: 20 * megabyte, atOnce: 256 * megabyte };
/** A small location is read whole every time. */
const bytesLeast = 256 * megabyte;
const dayMilliseconds = 86_400_000;
/** Every hour, and everything twice within the days it is kept: once may be missed. */
const runsPerDay = 24;

/**
 * Reads the files whose last reading is longest ago as a restore would, as many as have everything read well within
 * `keepDays` when it is done every hour. Throws BackupError when the location is away; damage is in what it returns.
 */
export async function readSome(
  location: BackupLocation,
  { directory, keyring, keepDays, now }: { directory: string; keyring: Keyring; keepDays: number; now: Date },
): Promise<{ read: number; standing: ReadingStanding }> {
  const files = await allFiles(location);
  const names = new Set(files.map(({ name }) => name));
  const before = (await noted.read(directory))?.[location.identity] ?? none;
  const stillThere = <Value>(of: Record<string, Value>) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => names.has(name)));
  const readings: Readings = { read: stillThere(before.read), failed: stillThere(before.failed) };
  const lastRead = ({ name }: Listed) => (name in readings.failed ? 0 : (readings.read[name] ?? 1));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let left = Math.max(bytesLeast, (2 * total) / (keepDays * runsPerDay));
  let read = 0;
  const atPace = keepingPace(readingPace);
  for (const file of files.toSorted((a, b) => lastRead(a) - lastRead(b))) {
    if (left <= 0) break;
    left -= file.bytes;
    read += 1;
    const failure = await failureOf(atPace(loadFile(location, keyring, file.name)));
    delete readings.failed[file.name];
    if (failure === undefined) readings.read[file.name] = Math.floor(now.getTime() / 1_000);
    // Purged since it was listed.
    else if (await isThere(location, file)) readings.failed[file.name] = failure;
  }
  await noted.keep(directory, { ...(await noted.read(directory)), [location.identity]: readings });
  return { read, standing: standingOf(files, readings, keepDays, now) };
}

/** Opens no file. Throws BackupError when the location is away. */
export async function readingStanding(
  location: BackupLocation,
  { directory, keepDays, now }: { directory: string; keepDays: number; now: Date },
): Promise<ReadingStanding> {
  const readings = (await noted.read(directory))?.[location.identity] ?? none;
  return standingOf(await allFiles(location), readings, keepDays, now);
}

/** Everything a restore may read; of a base backup that is being made nothing yet. */
async function allFiles(location: BackupLocation): Promise<Listed[]> {
  const { cutOff } = await listLabels(location);
  const all = (await Promise.all(copiedFolders.map((folder) => location.list(folder)))).flat();
  return all.filter(({ name }) => !(name.startsWith("base/") && cutOff.includes(name.split("/")[1] ?? "")));
}

async function failureOf(content: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  try {
    await readThrough(content);
    return undefined;
  } catch (error) {
    if (isUnreadable(error)) return error.message;
    throw error;
  }
}

const isThere = async (location: BackupLocation, { name }: Listed): Promise<boolean> =>
  (await location.list(name.slice(0, name.lastIndexOf("/")))).some((each) => each.name === name);

function standingOf(
  files: readonly Listed[],
  { read, failed }: Readings,
  keepDays: number,
  now: Date,
): ReadingStanding {
  const from = (now.getTime() - keepDays * dayMilliseconds) / 1_000;
  const half = now.getTime() - (keepDays * dayMilliseconds) / 2;
  const times = files.flatMap(({ name }) => (name in failed ? [] : (read[name] ?? [])));
  const within = times.filter((at) => at >= from);
  const oldest = within.reduce((least, at) => Math.min(least, at), Infinity);
  return {
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    read: within.length,
    ...(within.length === 0 ? {} : { oldest: new Date(oldest * 1_000).toISOString() }),
    overdue: files.filter(({ name, at }) => at.getTime() < half && !((read[name] ?? 0) >= from)).length,
    failed: files.flatMap(({ name }) => failed[name] ?? []),
  };
}

export const readingWords = ({ files, read, oldest, failed }: ReadingStanding): string =>
  `${read} of ${files} files were read whole${oldest === undefined ? "" : `, the longest ago at ${oldest}`}${failed.length === 0 ? ", and all of them opened" : `; ${failed.length} do not open`}`;
