import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";

export type Measured = { bytes: number; sha256: string };

export type DigestedFile = { write(content: string | Uint8Array): Promise<void>; close(): Promise<Measured> };

/** A new file, for its owner only, that is measured while it is written. */
export async function digestedFile(path: string): Promise<DigestedFile> {
  const file = await open(path, "wx", 0o600);
  const hash = createHash("sha256");
  let bytes = 0;
  return {
    async write(content) {
      const chunk = Buffer.from(content);
      hash.update(chunk);
      bytes += chunk.length;
      await file.appendFile(chunk);
    },
    async close() {
      await file.sync();
      await file.close();
      return { bytes, sha256: hash.digest("hex") };
    },
  };
}

export async function measure(path: string): Promise<Measured> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest("hex") };
}
