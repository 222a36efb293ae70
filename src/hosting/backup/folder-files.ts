import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat, unlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder, writeAll } from "#platform/files/index.ts";
import { BackupError } from "./backup-error.ts";
import type { FileCalls } from "./file-calls.ts";
import { identityIn, markerName, type Listed, type Stored } from "./location.ts";

/** A folder of backups, and how its file system is asked. */
export type Folder = { folder: string; ask: FileCalls };

const partial = ".partial";
/** A file that somebody writes grows; one that has not for so long was left behind. */
const abandonedMilliseconds = 10 * 60_000;
const chunkBytes = 512 * 1024;
/** So much is brought to the disk at a time: the log does not wait for the gigabytes of a base backup. */
const syncedBytes = 64 * 1024 * 1024;
const syncMilliseconds = 120_000;

/** It appears whole, lasting and as it was meant: it was read back before. Unless `fresh`, in place of what was there. */
export async function writeWhole(
  { ask, folder }: Folder,
  name: string,
  content: AsyncIterable<Uint8Array>,
  fresh = false,
): Promise<Stored | undefined> {
  const path = join(folder, name);
  await ask(() => mkdir(dirname(path), { recursive: true, mode: 0o700 }));
  const draft = `${path}.${randomUUID().slice(0, 8)}${partial}`;
  try {
    const stored = await writeDraft(ask, draft, content);
    await mustReadSame(ask, draft, stored, name);
    if (!fresh) await ask(() => rename(draft, path));
    else if (!(await linkFresh(ask, draft, path))) return undefined;
    await ask(() => syncFolder(dirname(path)), syncMilliseconds);
    return stored;
  } catch (error) {
    await ask(() => unlink(draft)).catch(() => undefined);
    throw error;
  }
}

async function linkFresh(ask: FileCalls, draft: string, path: string): Promise<boolean> {
  const made = await ask(() => link(draft, path)).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      return false;
    },
  );
  await ask(() => unlink(draft));
  return made;
}

async function writeDraft(
  ask: FileCalls,
  draft: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Stored> {
  const hash = createHash("sha256");
  let [bytes, unsynced] = [0, 0];
  const file = await ask(() => open(draft, "wx", 0o600));
  try {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      unsynced += chunk.length;
      await ask(() => writeAll(file, chunk));
      if (unsynced < syncedBytes) continue;
      await ask(() => file.sync(), syncMilliseconds);
      unsynced = 0;
    }
    await ask(() => file.sync(), syncMilliseconds);
  } finally {
    await ask(() => file.close()).catch(() => undefined);
  }
  return { bytes, sha256: hash.digest("hex") };
}

// A disk may take less than it says, and other bytes than it was given.
async function mustReadSame(ask: FileCalls, draft: string, { bytes, sha256 }: Stored, name: string) {
  const hash = createHash("sha256");
  let found = 0;
  for await (const chunk of piecesOf(ask, draft)) {
    hash.update(chunk);
    found += chunk.length;
  }
  if (found === bytes && hash.digest("hex") === sha256) return;
  throw new BackupError("damaged", `The disk kept ${found} of ${bytes} bytes of ${name}, or other ones.`);
}

async function* piecesOf(ask: FileCalls, path: string): AsyncGenerator<Uint8Array> {
  const file = await ask(() => open(path, "r"));
  try {
    for (;;) {
      const { bytesRead, buffer } = await ask(() => file.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await ask(() => file.close()).catch(() => undefined);
  }
}

export async function* readWhole({ ask, folder }: Folder, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* piecesOf(ask, join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw explained(error, folder);
    throw new BackupError("missing", `The backup file ${name} is missing from ${folder}.`, { cause: error });
  }
}

/** Undefined when no backups lie there; a folder that cannot be read is not an empty one. */
export async function identityOf({ ask, folder }: Folder): Promise<string | undefined> {
  const text = await ask(() => readFile(join(folder, markerName), "utf8")).catch(ifAbsent(folder));
  return text === undefined ? undefined : identityIn(text);
}

export async function listBelow({ ask, folder }: Folder, below: string): Promise<Listed[]> {
  const entries =
    (await ask(() => readdir(join(folder, below), { recursive: true, withFileTypes: true })).catch(
      ifAbsent(folder),
    )) ?? [];
  const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(partial));
  const listed = await Promise.all(
    files.map(async (entry) => {
      const path = join(entry.parentPath, entry.name);
      const found = await ask(() => stat(path)).catch(ifAbsent(folder));
      if (found === undefined) return [];
      return [{ name: path.slice(folder.length + 1), bytes: found.size, at: found.mtime }];
    }),
  );
  return listed.flat();
}

export async function removeAbandoned({ ask, folder }: Folder): Promise<void> {
  const entries = await ask(() => readdir(folder, { recursive: true }));
  for (const name of entries.filter((each) => each.endsWith(partial))) {
    const written = await ask(() => stat(join(folder, name))).catch(ifAbsent(folder));
    const isOld = written !== undefined && Date.now() - written.mtimeMs > abandonedMilliseconds;
    if (isOld) await ask(() => rm(join(folder, name), { force: true }));
  }
}

const ifAbsent =
  (folder: string) =>
  (error: NodeJS.ErrnoException): undefined => {
    if (error.code === "ENOENT") return;
    throw explained(error, folder);
  };

export function explained(error: unknown, folder: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new BackupError(
      "location_full",
      `The disk of ${folder} is full. Give it room; nothing is lost yet.`,
      { cause: error },
    );
  if (code === "EROFS" || code === "EACCES" || code === "EPERM")
    return new BackupError(
      "access_denied",
      `The backups at ${folder} may not be read or written (${code}). Give this program's user the folder.`,
      { cause: error },
    );
  if (["EIO", "ENOENT", "ENOTDIR", "ESTALE"].includes(code ?? ""))
    return new BackupError("location_away", `The backups at ${folder} cannot be reached: ${code}.`, {
      cause: error,
    });
  return error;
}
