import { BackupError } from "../backup/backup-error.ts";
import type { BackupLocation } from "../backup/location.ts";
import { loadFile } from "../backup/store-file.ts";
import { databasesIn, keepFile, localFiles, readLocal, type FileStore } from "./file-store.ts";
import { keptFiles, pathOf, wasThere } from "./kept-files.ts";
import { shipFilesNow, type FilesToShip } from "./ship-files.ts";

/** A file as it was at a moment. */
export type FileThen = {
  store: FileStore;
  name: string;
  bornAt: number;
  content(): AsyncIterable<Uint8Array>;
};

export type FileCount = { files: number; bytes: number };

/** The uploaded files of a host's backups. Every function throws BackupError. */
export type FileBackups = {
  stores: readonly FileStore[];
  /** What a database's files were at a moment: from the backups, and what they do not have yet from where it lies. */
  at(database: string, target: Date): Promise<FileThen[]>;
  /** Databases that had files at any moment the backups know of. */
  databases(): Promise<string[]>;
  /** Returns when everything that was there or removed before the call is among the backups. */
  ship(): Promise<void>;
};

/** `reading` is where a restore reads: the location, and its copy where that helps. */
export function fileBackups(files: FilesToShip, reading: BackupLocation): FileBackups {
  const { stores, keyring } = files;
  return {
    stores,
    async at(database, target) {
      const found: FileThen[] = [];
      for (const store of stores) {
        const byPath = new Map<string, { goneAt: number | undefined; file: FileThen }>();
        for (const local of await localFiles(store, database)) {
          const { name, bornAt, goneAt } = local;
          const path = pathOf(store.name, database, local);
          byPath.set(path, { goneAt, file: { store, name, bornAt, content: () => readLocal(local) } });
        }
        for (const { path, name, bornAt, goneAt } of await keptFiles(reading, store.name, database)) {
          const content = () => loadFile(reading, keyring, path);
          // Removed a moment ago, and the backups do not know it yet.
          const gone = goneAt ?? byPath.get(path)?.goneAt;
          byPath.set(path, { goneAt: gone, file: { store, name, bornAt, content } });
        }
        for (const { file, goneAt } of byPath.values())
          if (wasThere({ ...file, goneAt }, target)) found.push(file);
      }
      return found;
    },
    async databases() {
      const kept = (await keptFiles(reading)).map(({ database }) => database);
      const local = await Promise.all(stores.map(databasesIn));
      return [...new Set([...kept, ...local.flat()])];
    },
    ship: () => shipFilesNow(files),
  };
}

/** Lays the files of a database at a moment out as those of another one, in which they are new; or as its own again. */
export async function layOutFiles(
  files: Pick<FileBackups, "at"> | undefined,
  { from, target, to }: { from: string; target: Date; to: string },
  signal?: AbortSignal,
): Promise<FileCount> {
  const count = { files: 0, bytes: 0 };
  for (const { store, name, bornAt, content } of (await files?.at(from, target)) ?? []) {
    signal?.throwIfAborted();
    const born = to === from ? { bornAt } : {};
    count.bytes += await keepFile(store, to, { name, ...born }, content());
    count.files += 1;
  }
  return count;
}

/** Reads every file of a database at a moment, as a restore would. */
export async function readFiles(
  files: FileBackups | undefined,
  database: string,
  target: Date,
  signal?: AbortSignal,
): Promise<FileCount> {
  const count = { files: 0, bytes: 0 };
  for (const { content } of (await files?.at(database, target)) ?? []) {
    signal?.throwIfAborted();
    for await (const chunk of content()) count.bytes += chunk.length;
    count.files += 1;
  }
  return count;
}

/** Best before a switch; when the location is away the program brings them there later. */
export async function tryToShip(files: FileBackups | undefined): Promise<BackupError | undefined> {
  try {
    await files?.ship();
    return undefined;
  } catch (error) {
    if (error instanceof BackupError) return error;
    throw error;
  }
}
