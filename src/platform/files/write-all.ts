import type { FileHandle } from "node:fs/promises";

/**
 * Writes the whole of it at the file's present place. The system may take a part and call that success, as on a disk
 * that gets full: the rest is written too, or the reason why it cannot be is thrown.
 */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written);
    if (bytesWritten === 0) throw Object.assign(new Error("Nothing more is taken."), { code: "ENOSPC" });
    written += bytesWritten;
  }
}
