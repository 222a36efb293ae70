import { chown, mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { writeAll } from "#platform/files/index.ts";
import type { RestoredPlace } from "#platform/postgres/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import type { Keyring } from "../backup/keyring.ts";
import type { BackupLocation } from "../backup/location.ts";
import { partPath, readSizes, type Manifest } from "../backup/manifest.ts";
import { loadFile } from "../backup/store-file.ts";
import { untar, type TarEntry } from "../backup/tar.ts";

export type BackupSource = { location: BackupLocation; keyring: Keyring };

/** `declined` are the databases without content, by oid. */
export type LaidOutFiles = { bytes: number; declined: string[] };

// Replay makes a file it misses and fills it up to the page it wants. Up to this size that costs next to nothing;
// a larger one would take its whole size on disk, where one that is there with a hole takes nothing.
const sparseFromBytes = 1024 * 1024;

/**
 * Lays out a base backup's files. Databases that `wanted` declines get their folder, and of their files only the large
 * ones, with their size but without content: the log can be replayed over them, because the first change of every
 * page since the backup began is kept whole in it, and nobody reads them. So the cost is that of the wanted ones.
 */
export async function layOut(
  source: BackupSource,
  manifest: Manifest,
  place: RestoredPlace,
  wanted: (database: string) => boolean,
  signal?: AbortSignal,
): Promise<LaidOutFiles> {
  const { location, keyring } = source;
  let bytes = 0;
  const isDeclined = ({ name }: { name: string }) => name !== "server" && !wanted(name);
  for (const part of manifest.parts) {
    if (isDeclined(part)) continue;
    bytes += part.plainBytes;
    await untar(loadFile(location, keyring, partPath(manifest.label, part.name)), async (entry, content) => {
      signal?.throwIfAborted();
      await writeEntry(place, entry, content);
    });
  }
  const declined = manifest.parts.filter(isDeclined).map(({ name }) => name);
  const sizes = declined.length === 0 ? {} : await readSizes(location, keyring, manifest.label);
  for (const name of declined) {
    signal?.throwIfAborted();
    await makeFolder(place, `base/${name}`);
    const large = (sizes[name] ?? []).filter(([, size]) => size >= sparseFromBytes);
    for (const [path, size] of large) await writeSparse(place, path, size);
  }
  await writeLabels(place, manifest);
  return { bytes, declined };
}

async function writeLabels(place: RestoredPlace, manifest: Manifest): Promise<void> {
  const files = { backup_label: manifest.backupLabel, "recovery.signal": "" };
  if (manifest.tablespaceMap.trim() !== "")
    throw new BackupError("newer_version", "This backup has tablespaces, which are not restored.");
  for (const [name, text] of Object.entries(files)) {
    const path = join(place.folder, name);
    await writeFile(path, text, { mode: 0o600 });
    await give(place, path);
  }
}

async function writeEntry(
  place: RestoredPlace,
  entry: TarEntry,
  content: AsyncIterable<Uint8Array>,
): Promise<void> {
  if (entry.folder) return makeFolder(place, entry.path);
  const file = await open(inside(place, entry.path), "w", entry.mode);
  try {
    for await (const chunk of content) await writeAll(file, chunk);
    if (place.uid !== undefined) await file.chown(place.uid, place.uid);
  } finally {
    await file.close();
  }
}

async function writeSparse(place: RestoredPlace, path: string, size: number): Promise<void> {
  const file = await open(inside(place, path), "w", 0o600);
  try {
    await file.truncate(size);
    if (place.uid !== undefined) await file.chown(place.uid, place.uid);
  } finally {
    await file.close();
  }
}

async function makeFolder(place: RestoredPlace, path: string): Promise<void> {
  await mkdir(inside(place, path), { recursive: true, mode: 0o700 });
  await give(place, inside(place, path));
}

// Only what our own key sealed comes this far; a name that leads out of the folder would still be a mistake.
function inside(place: RestoredPlace, path: string): string {
  const full = normalize(join(place.folder, path));
  if (!full.startsWith(`${place.folder}/`)) throw new Error(`${path} leads out of ${dirname(full)}`);
  return full;
}

export async function give(place: RestoredPlace, path: string): Promise<void> {
  if (place.uid !== undefined) await chown(path, place.uid, place.uid);
}
