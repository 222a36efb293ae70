import { createSecretKey, randomBytes, type KeyObject } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeSecretOnce } from "./secret-file.ts";

export type HostKey = KeyObject;

/** Reads the host's key (`<directory>/host.key`, 32 bytes, mode 0600); makes it when there is none yet. */
export async function openHostKey(directory: string): Promise<HostKey> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, "host.key");
  await writeSecretOnce(path, randomBytes(32));
  const bytes = await readFile(path);
  if (bytes.length !== 32) throw new Error(`${path} must hold exactly 32 bytes; it holds ${bytes.length}.`);
  return createSecretKey(bytes);
}
