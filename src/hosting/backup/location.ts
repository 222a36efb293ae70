import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BackupError } from "./backup-error.ts";

/** Where the backups lie. Names are relative, with slashes; everything in it is encrypted before it comes here. */
export type BackupLocation = {
  folder: string;
  /** The file appears whole and on disk, or not at all. Throws BackupError `location_away`, `location_full`. */
  put(name: string, content: AsyncIterable<Uint8Array>): Promise<Stored>;
  /** Throws BackupError `missing`. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Everything below that folder that is whole. */
  list(folder: string): Promise<{ name: string; bytes: number }[]>;
  remove(name: string): Promise<void>;
  /** Removes what killed programs left half written. */
  clean(): Promise<void>;
  room(): Promise<{ freeBytes: number; sizeBytes: number }>;
};

export type Stored = { bytes: number; sha256: string };

const markerName = "strongroom-backup.json";
const partial = ".partial";
/** A file that somebody writes grows; one that has not for so long was left behind. */
const abandonedMilliseconds = 10 * 60_000;

/** Makes a location of an empty folder; gives the identity of one that is a location already. */
export async function initialiseLocation(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = await identityOf(folder);
  if (known !== undefined) return known;
  if ((await readdir(folder)).some((name) => name !== "lost+found"))
    throw new BackupError(
      "location_taken",
      `${folder} holds files that are not Strongroom's backups. Point STRONGROOM_BACKUP to an empty folder.`,
    );
  const identity = randomUUID();
  const text = JSON.stringify({ what: "Backups of a Strongroom server, encrypted", identity });
  await writeWhole(join(folder, markerName), once(Buffer.from(`${text}\n`)));
  return identity;
}

export async function identityOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, markerName), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as { identity: string }).identity;
}

export function openLocation(folder: string, identity: string): BackupLocation {
  // An unmounted disk leaves an empty folder on another one: nothing may be written there.
  const present = async () => {
    if ((await identityOf(folder).catch(() => undefined)) === identity) return;
    throw new BackupError(
      "location_away",
      `The backups are not at ${folder} any more. Mount the disk, or point STRONGROOM_BACKUP to another empty folder.`,
    );
  };
  return {
    folder,
    async put(name, content) {
      await present();
      try {
        return await writeWhole(join(folder, name), content);
      } catch (error) {
        throw explained(error, folder);
      }
    },
    read: (name) => readWhole(folder, name),
    async list(below) {
      await present();
      return listBelow(folder, below);
    },
    async remove(name) {
      await present();
      await rm(join(folder, name), { recursive: true, force: true });
    },
    async clean() {
      await present();
      const entries = await readdir(folder, { recursive: true });
      for (const name of entries.filter((each) => each.endsWith(partial))) {
        const written = await stat(join(folder, name)).catch(() => undefined);
        const isOld = written !== undefined && Date.now() - written.mtimeMs > abandonedMilliseconds;
        if (isOld) await rm(join(folder, name), { force: true });
      }
    },
    async room() {
      await present();
      const { bavail, blocks, bsize } = await statfs(folder);
      return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
    },
  };
}

async function writeWhole(path: string, content: AsyncIterable<Uint8Array>): Promise<Stored> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomUUID().slice(0, 8)}${partial}`;
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    const file = await open(draft, "wx", 0o600);
    try {
      for await (const chunk of content) {
        hash.update(chunk);
        bytes += chunk.length;
        await file.write(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await unlink(draft).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(path));
  return { bytes, sha256: hash.digest("hex") };
}

export async function syncFolder(folder: string): Promise<void> {
  const opened = await open(folder, "r");
  await opened.sync().finally(() => opened.close());
}

async function* readWhole(folder: string, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* createReadStream(join(folder, name), { highWaterMark: 512 * 1024 }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new BackupError("missing", `The backup file ${name} is missing from ${folder}.`, { cause: error });
  }
}

async function listBelow(folder: string, below: string): Promise<{ name: string; bytes: number }[]> {
  const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(partial));
  const listed = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(() => undefined);
      return found === undefined ? [] : [{ name: path.slice(folder.length + 1), bytes: found.size }];
    }),
  );
  return listed.flat();
}

function explained(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new BackupError(
      "location_full",
      `The disk of ${folder} is full. Give it room; nothing is lost yet.`,
      {
        cause: error,
      },
    );
  if (code === "EROFS" || code === "EACCES" || code === "EIO" || code === "ENOENT" || code === "ESTALE")
    return new BackupError("location_away", `The backups at ${folder} cannot be written: ${code}.`, {
      cause: error,
    });
  return error;
}

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
