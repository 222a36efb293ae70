import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "#platform/log/index.ts";
import type { Keyring } from "../backup/keyring.ts";
import type { BackupLocation } from "../backup/location.ts";
import type { Shipper } from "../backup/ship-wal.ts";
import { noteShipping } from "../backup/shipping-notes.ts";
import { storeFile } from "../backup/store-file.ts";
import {
  databasesIn,
  forgetRemoved,
  localFiles,
  mustBeMounted,
  withContent,
  type FileLife,
  type FileStore,
  type LocalFile,
} from "./file-store.ts";
import { keptFiles, noteGone, pathOf } from "./kept-files.ts";

export type FilesToShip = {
  directory: string;
  location: BackupLocation;
  keyring: Keyring;
  stores: readonly FileStore[];
};

const lookMilliseconds = 2_000;

/** Brings new files and news of removed ones to the location within seconds; while it is away they wait where they are. */
export function startFileShipping(files: FilesToShip, log: Log): Shipper {
  const stopping = new AbortController();
  const { signal } = stopping;
  let kept: Kept | undefined;
  let failing = "";
  const look = async (): Promise<void> => {
    try {
      kept ??= await readKept(files);
      await shipFiles(files, kept, signal);
      if (failing !== "") log.info("Files are backed up again");
      failing = "";
      await noteShipping(files.directory, { at: new Date().toISOString() }, "files");
    } catch (error) {
      if (signal.aborted) return;
      const { message } = error as Error;
      if (message !== failing) log.error({ err: error }, "Files cannot be backed up; they wait");
      failing = message;
      // What is there now is read anew.
      kept = undefined;
      const note = { failingSince: new Date().toISOString(), failure: message };
      await noteShipping(files.directory, note, "files").catch(() => undefined);
    }
  };
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await look();
      await delay(lookMilliseconds, undefined, { signal, ref: false }).catch(() => undefined);
    }
  };
  const running = files.stores.length === 0 ? Promise.resolve() : run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Everything that is new or gone since, once. Throws BackupError. */
export async function shipFilesNow(files: FilesToShip): Promise<void> {
  if (files.stores.length > 0) await shipFiles(files, await readKept(files));
}

/** By store and database the newest life of each name that the location knows. */
type Kept = Map<string, Map<string, Map<string, FileLife>>>;

async function readKept({ location, stores }: FilesToShip): Promise<Kept> {
  const kept: Kept = new Map(stores.map(({ name }) => [name, new Map()]));
  for (const { name: store } of stores)
    for (const file of await keptFiles(location, store)) {
      const known = livesIn(kept, store, file.database);
      if ((known.get(file.name)?.bornAt ?? 0) < file.bornAt) known.set(file.name, file);
    }
  return kept;
}

function livesIn(kept: Kept, store: string, database: string): Map<string, FileLife> {
  const databases = kept.get(store)!;
  if (!databases.has(database)) databases.set(database, new Map());
  return databases.get(database)!;
}

async function shipFiles(files: FilesToShip, kept: Kept, signal?: AbortSignal): Promise<void> {
  for (const store of files.stores) {
    const known = kept.get(store.name)!;
    await mustBeMounted(store, known.size > 0);
    for (const database of new Set([...(await databasesIn(store)), ...known.keys()]))
      await shipDatabase(files, store, database, livesIn(kept, store.name, database), signal);
  }
}

async function shipDatabase(
  files: FilesToShip,
  store: FileStore,
  database: string,
  known: Map<string, FileLife>,
  signal?: AbortSignal,
): Promise<void> {
  const { location, keyring } = files;
  const seen = new Set<string>();
  const isKept = (name: string) => {
    const life = known.get(name);
    return life !== undefined && life.goneAt === undefined;
  };
  const news = await localFiles(store, database, (name) => {
    seen.add(name);
    return !isKept(name);
  });
  for (const file of news) {
    signal?.throwIfAborted();
    const path = pathOf(store.name, database, file);
    if (known.get(file.name)?.bornAt !== file.bornAt && !(await put(files, path, file))) continue;
    known.set(file.name, { name: file.name, bornAt: file.bornAt, goneAt: file.goneAt });
    if (file.goneAt === undefined) continue;
    await noteGone(location, keyring, path, file.goneAt);
    await forgetRemoved(file);
  }
  for (const [name, life] of known) {
    if (life.goneAt !== undefined || seen.has(name)) continue;
    signal?.throwIfAborted();
    // Removed by somebody else, or with its database: nobody knows the moment better.
    const goneAt = Date.now();
    await noteGone(location, keyring, pathOf(store.name, database, life), goneAt);
    known.set(name, { ...life, goneAt });
  }
}

/** False when it was removed meanwhile: the next look finds it under its other name. */
const put = ({ location, keyring }: FilesToShip, path: string, file: LocalFile): Promise<boolean> =>
  withContent(file, (content) => storeFile(location, keyring.current, path, content));
