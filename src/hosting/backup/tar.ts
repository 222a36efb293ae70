import { open, stat } from "node:fs/promises";
import { readerOf } from "./sealed-stream.ts";

/** A file or folder of an archive; `read` gives exactly `bytes` bytes. */
export type TarEntry = { path: string; folder: boolean; mode: number; bytes: number };
export type TarSource = TarEntry & { content: () => AsyncIterable<Uint8Array> };

const block = 512;
const chunkBytes = 256 * 1024;

/** A ustar archive, which any tar can unpack. */
export async function* tar(entries: AsyncIterable<TarSource>): AsyncGenerator<Uint8Array> {
  for await (const entry of entries) {
    yield header(entry);
    if (entry.folder) continue;
    yield* entry.content();
    const rest = entry.bytes % block;
    if (rest > 0) yield Buffer.alloc(block - rest);
  }
  yield Buffer.alloc(2 * block);
}

/**
 * A file as it is now. The server may write to it meanwhile, which its log puts right again when it is replayed;
 * one that becomes shorter or is removed is filled up with zeros, as PostgreSQL's own backup does. Undefined when it
 * is gone.
 */
export async function fileEntry(path: string, named: string): Promise<TarSource | undefined> {
  const found = await stat(path).catch(ifGone);
  if (found === undefined) return undefined;
  const { size, mode } = found;
  return { path: named, folder: false, mode: mode & 0o777, bytes: size, content: () => exactly(path, size) };
}

async function* exactly(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of upTo(path, bytes)) {
    left -= chunk.length;
    yield chunk;
  }
  for (; left > 0; left -= Math.min(left, chunkBytes)) yield Buffer.alloc(Math.min(left, chunkBytes));
}

async function* upTo(path: string, bytes: number): AsyncGenerator<Uint8Array> {
  const file = await open(path, "r").catch(ifGone);
  if (file === undefined) return;
  try {
    for (let left = bytes; left > 0;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(chunkBytes, left)), 0);
      if (bytesRead === 0) return;
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

/** Gives every entry of an archive to `take`, which must read the whole content. Throws when the archive is cut off. */
export async function untar(
  archive: AsyncIterable<Uint8Array>,
  take: (entry: TarEntry, content: AsyncIterable<Uint8Array>) => Promise<void>,
): Promise<void> {
  const reader = readerOf(archive);
  const needed = async (bytes: number): Promise<Buffer> => {
    const taken = await reader.take(bytes);
    if (taken === undefined) throw new Error("The archive is cut off.");
    return taken;
  };
  try {
    for (;;) {
      const head = await needed(block);
      if (head[0] === 0) break;
      const entry = entryOf(head);
      async function* content(): AsyncGenerator<Uint8Array> {
        for (let left = entry.bytes; left > 0; left -= Math.min(left, chunkBytes))
          yield await needed(Math.min(left, chunkBytes));
      }
      await take(entry, content());
      const rest = entry.bytes % block;
      if (rest > 0) await needed(block - rest);
    }
    // The stream's own end is read too: its last frame proves that nothing was cut off.
    while ((await reader.take(1)) !== undefined);
  } finally {
    await reader.close();
  }
}

function header({ path, folder, mode, bytes }: TarEntry): Buffer {
  if (Buffer.byteLength(path) > 99) throw new Error(`${path} is too long a name for the archive.`);
  const head = Buffer.alloc(block);
  head.write(path, 0);
  const octal = (value: number, at: number, digits: number) =>
    head.write(`${value.toString(8).padStart(digits, "0")}\0`, at, "latin1");
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(folder ? 0 : bytes, 124, 11);
  octal(0, 136, 11);
  head.fill(" ", 148, 156);
  head.write(folder ? "5" : "0", 156);
  head.write("ustar\u000000", 257, "latin1");
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return head;
}

function entryOf(head: Buffer): TarEntry {
  const text = (from: number, length: number) => {
    const raw = head.subarray(from, from + length);
    const end = raw.indexOf(0);
    return raw.subarray(0, end === -1 ? length : end).toString();
  };
  const number = (from: number, length: number) => Number.parseInt(text(from, length).trim(), 8);
  return { path: text(0, 100), folder: text(156, 1) === "5", mode: number(100, 8), bytes: number(124, 12) };
}
