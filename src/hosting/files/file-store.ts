import { createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder, writeAll } from "#platform/files/index.ts";
import { BackupError } from "../backup/backup-error.ts";

/**
 * Files outside the database: written once under a random name or their digest, never changed, removed at most. A row
 * that names one is committed after it is there, and gone before it is removed.
 */
export type FileStore = {
  /** Small letters and hyphens; names its part of the backups. */
  name: string;
  /** With a folder for each tenant's database: a tenant that is switched to another one has the files of that one. */
  root: string;
};

/** `goneAt` is when it was removed; times in milliseconds. */
export type FileLife = { name: string; bornAt: number; goneAt: number | undefined };
export type LocalFile = FileLife & { path: string };

/** Nothing is uploaded yet. */
export const fileStoresOf = (_directory: string): readonly FileStore[] => [];

const nameShape = /^[A-Za-z0-9_-]{16,128}$/;
// A file that is still being written has another dot in its name.
const shape = /^([A-Za-z0-9_-]{16,128})(?:\.removed-(\d+))?$/;
const markerName = "strongroom-files.json";

/** The file appears whole and lasting, or not at all. */
export async function keepFile(
  { root }: FileStore,
  database: string,
  { name, bornAt }: { name: string; bornAt?: number },
  content: AsyncIterable<Uint8Array>,
): Promise<number> {
  if (!nameShape.test(name)) throw new Error(`"${name}" is no name for a file of a store.`);
  const folder = join(root, database);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${name}.partial`);
  const file = await open(draft, "w", 0o600);
  let bytes = 0;
  try {
    for await (const chunk of content) {
      bytes += chunk.length;
      await writeAll(file, chunk);
    }
    // The file system's own time is some milliseconds late.
    const born = (bornAt ?? Date.now()) / 1_000;
    await file.utimes(born, born);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, join(folder, name));
  await syncFolder(folder);
  return bytes;
}

/** Its content stays under another name until the backups have it and know when it was removed. */
export async function removeFile(
  { root }: FileStore,
  database: string,
  name: string,
  now: Date,
): Promise<void> {
  const folder = join(root, database);
  await rename(join(folder, name), join(folder, `${name}.removed-${now.getTime()}`));
  await syncFolder(folder);
}

export const forgetRemoved = (file: LocalFile): Promise<void> => unlink(file.path);

/** With the database. */
export async function dropFiles(stores: readonly FileStore[], database: string): Promise<void> {
  for (const { root } of stores) await rm(join(root, database), { recursive: true, force: true });
}

export async function databasesIn({ root }: FileStore): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true }).catch(noneYet);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

/** What is there, and what was removed and waits for the backups; removals first, oldest first. */
export async function localFiles(
  { root }: FileStore,
  database: string,
  isNews: (name: string) => boolean = () => true,
): Promise<LocalFile[]> {
  const folder = join(root, database);
  const matches = (await readdir(folder).catch(noneYet)).map((entry) => shape.exec(entry));
  const removed = new Set(matches.flatMap((match) => (match?.[2] === undefined ? [] : [match[1]])));
  const found = matches.flatMap((match) => {
    const [entry = "", name, removedAt] = match ?? [];
    if (name === undefined) return [];
    // One that was removed and came again is another one.
    if (removedAt === undefined && !isNews(name) && !removed.has(name)) return [];
    return [
      { name, path: join(folder, entry), goneAt: removedAt === undefined ? undefined : Number(removedAt) },
    ];
  });
  const files: LocalFile[] = [];
  for (const file of found) {
    const written = await stat(file.path).catch(() => undefined);
    if (written !== undefined) files.push({ ...file, bornAt: Math.round(written.mtimeMs) });
  }
  return files.sort((a, b) => (a.goneAt ?? Infinity) - (b.goneAt ?? Infinity) || a.bornAt - b.bornAt);
}

export const readLocal = ({ path }: LocalFile): AsyncIterable<Uint8Array> => createReadStream(path);

/** Reads on whatever becomes of its name; false when it is not there under this one any more. */
export async function withContent(
  { path }: LocalFile,
  work: (content: AsyncIterable<Uint8Array>) => Promise<unknown>,
): Promise<boolean> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => void noneYet(error));
  if (file === undefined) return false;
  try {
    await work(file.createReadStream({ autoClose: false }));
    return true;
  } finally {
    await file.close();
  }
}

/** An unmounted disk leaves an empty folder: its files are not to be called removed. Throws BackupError `location_away`. */
export async function mustBeMounted({ root, name }: FileStore, isKept: boolean): Promise<void> {
  if ((await stat(join(root, markerName)).catch(() => undefined)) !== undefined) return;
  if (isKept)
    throw new BackupError(
      "location_away",
      `The files of ${name} are not at ${root} any more. Mount the disk; until then none is called removed.`,
    );
  await claimRoot({ root, name });
}

export async function claimRoot({ root, name }: FileStore): Promise<void> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  await writeFile(join(root, markerName), JSON.stringify({ what: "Files of Strongroom's tenants", name }));
}

function noneYet(error: NodeJS.ErrnoException): [] {
  if (error.code === "ENOENT") return [];
  throw error;
}
