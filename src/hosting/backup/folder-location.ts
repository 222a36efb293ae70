import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, statfs, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { BackupError } from "./backup-error.ts";
import { diskOf } from "./disk-of.ts";
import { identityIn, markerName, markerOf, once } from "./location.ts";
import type { BackupLocation, BackupPlace, Listed, Stored } from "./location.ts";

const partial = ".partial";
/** A file that somebody writes grows; one that has not for so long was left behind. */
const abandonedMilliseconds = 10 * 60_000;

/** A folder, which should be on another disk or another host. */
export function folderPlace(folder: string): BackupPlace {
  return {
    name: folder,
    description: folder,
    settings: {},
    initialise: () => initialise(folder),
    identity: () => identityOf(folder),
    open: (identity) => openFolder(folder, identity),
    async ground() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return diskOf(folder);
    },
  };
}

async function initialise(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const known = await identityOf(folder);
  if (known !== undefined) return known;
  if ((await readdir(folder)).some((name) => name !== "lost+found"))
    throw new BackupError(
      "location_taken",
      `${folder} holds files that are not Strongroom's backups. Name an empty folder.`,
    );
  const identity = randomUUID();
  await writeWhole(join(folder, markerName), once(markerOf(identity)));
  return identity;
}

async function identityOf(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, markerName), "utf8").catch(() => undefined);
  return text === undefined ? undefined : identityIn(text);
}

function openFolder(folder: string, identity: string): BackupLocation {
  // An unmounted disk leaves an empty folder on another one: nothing may be written there.
  const present = async () => {
    if ((await identityOf(folder).catch(() => undefined)) === identity) return;
    throw new BackupError(
      "location_away",
      `The backups are not at ${folder} any more. Mount the disk, or name another empty folder.`,
    );
  };
  return {
    name: folder,
    description: folder,
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
      await removeAbandoned(folder);
    },
    async room() {
      await present();
      const { bavail, blocks, bsize } = await statfs(folder);
      return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
    },
    ground: async () => ((await identityOf(folder)) === undefined ? undefined : diskOf(folder)),
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
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw explained(error, folder);
    throw new BackupError("missing", `The backup file ${name} is missing from ${folder}.`, { cause: error });
  }
}

async function listBelow(folder: string, below: string): Promise<Listed[]> {
  const entries = await readdir(join(folder, below), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(partial));
  const listed = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const found = await stat(path).catch(() => undefined);
      if (found === undefined) return [];
      return [{ name: path.slice(folder.length + 1), bytes: found.size, at: found.mtime }];
    }),
  );
  return listed.flat();
}

async function removeAbandoned(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true });
  for (const name of entries.filter((each) => each.endsWith(partial))) {
    const written = await stat(join(folder, name)).catch(() => undefined);
    const isOld = written !== undefined && Date.now() - written.mtimeMs > abandonedMilliseconds;
    if (isOld) await rm(join(folder, name), { force: true });
  }
}

function explained(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new BackupError(
      "location_full",
      `The disk of ${folder} is full. Give it room; nothing is lost yet.`,
      { cause: error },
    );
  if (code === "EROFS" || code === "EACCES" || code === "EIO" || code === "ENOENT" || code === "ESTALE")
    return new BackupError("location_away", `The backups at ${folder} cannot be reached: ${code}.`, {
      cause: error,
    });
  return error;
}
