import { randomUUID } from "node:crypto";
import { access, link, open, rename, unlink } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../files/index.ts";

/**
 * Writes a file of mode 0600 unless it exists. It appears whole or not at all, and is on disk when this
 * returns: what it unlocks would otherwise be lost with it in a power cut.
 */
export async function writeSecretOnce(path: string, content: Uint8Array | string): Promise<void> {
  // On a full disk what is there must still be had.
  if (await isThere(path)) return;
  const draft = await writeDraft(path, content);
  try {
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await unlink(draft);
  }
  await syncFolder(dirname(path));
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Writes a file of mode 0600 in place of what was there. After a power cut it is the one before or this one, whole. */
export async function writeSecret(path: string, content: Uint8Array | string): Promise<void> {
  await rename(await writeDraft(path, content), path);
}

async function writeDraft(path: string, content: Uint8Array | string): Promise<string> {
  const draft = `${path}.${randomUUID()}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
    return draft;
  } catch (error) {
    // Of a disk that is full nothing may be taken by each try.
    await unlink(draft).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}
