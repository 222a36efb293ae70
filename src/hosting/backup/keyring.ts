import { createHash, createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeSecretOnce } from "#platform/secrets/index.ts";
import { BackupError } from "./backup-error.ts";

/** `id` names the key without telling anything about it: sixteen hexadecimal digits. */
export type BackupKey = { id: string; key: KeyObject; madeAt: string };

/** All keys this host has ever used; the last one encrypts. */
export type Keyring = { current: BackupKey; all: readonly BackupKey[]; find(id: string): BackupKey };

export const keysFolder = (directory: string): string => join(directory, "backup", "keys");

/** The keys in a data folder, oldest first; each is one file of 32 bytes, mode 0600. Empty when there is none. */
export async function readKeys(directory: string): Promise<BackupKey[]> {
  const folder = keysFolder(directory);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".key")).sort();
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(join(folder, name));
      const made = backupKey(bytes, name.slice(0, 20));
      if (!name.includes(made.id))
        throw new BackupError(
          "key_wrong",
          `${join(folder, name)} does not hold the key its name says. Bring it back from the recovery sheet: strongroom backup key SHEET.`,
        );
      return made;
    }),
  );
}

export function keyringOf(keys: readonly BackupKey[]): Keyring {
  const current = keys.at(-1);
  if (current === undefined) throw keyMissing();
  const find = (id: string): BackupKey => {
    const found = keys.find((key) => key.id === id);
    if (found === undefined)
      throw new BackupError(
        "key_missing",
        `This file needs backup key ${id}, which is not here. Bring it back from the recovery sheet: strongroom backup key SHEET.`,
      );
    return found;
  };
  return { current, all: keys, find };
}

export const keyMissing = (): BackupError =>
  new BackupError(
    "key_missing",
    "The backup key is gone from the data folder. Bring it back from the recovery sheet: strongroom backup key SHEET.",
  );

/** Makes a key that encrypts from now on; older files keep theirs. */
export async function makeKey(directory: string, now: Date): Promise<BackupKey> {
  return keepKey(directory, backupKey(randomBytes(32), stamp(now)));
}

export async function keepKey(directory: string, key: BackupKey): Promise<BackupKey> {
  await mkdir(keysFolder(directory), { recursive: true, mode: 0o700 });
  await writeSecretOnce(join(keysFolder(directory), `${key.madeAt}-${key.id}.key`), key.key.export());
  return key;
}

export function backupKey(bytes: Uint8Array, madeAt: string): BackupKey {
  if (bytes.length !== 32)
    throw new BackupError("key_wrong", `A backup key has 32 bytes; this one has ${bytes.length}.`);
  const id = createHash("sha256").update("strongroom backup key").update(bytes).digest("hex").slice(0, 16);
  return { id, key: createSecretKey(bytes), madeAt };
}

/** `2026-11-22T01-35-53Z`: sorts by time and may stand in a file's name. */
export const stamp = (at: Date): string =>
  at
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");

/** The moment a stamp names, ISO 8601. */
export const stampedAt = (stamped: string): string =>
  stamped.replace(/T(\d\d)-(\d\d)-(\d\d)Z$/, "T$1:$2:$3Z");
