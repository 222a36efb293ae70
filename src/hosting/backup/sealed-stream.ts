import { createCipheriv, createDecipheriv, hkdfSync, randomBytes, type KeyObject } from "node:crypto";
import { BackupError } from "./backup-error.ts";
import type { BackupKey, Keyring } from "./keyring.ts";

// A file: "SRBK", version, key id (8), salt (32), then frames: length word (4), ciphertext, tag (16).
// Every file has a key of its own, derived from the backup key, the salt and the file's name: a file under
// another's name does not open. Frames are counted in the nonce (none can be moved or left out) and the highest
// bit of the length word marks the last one (none can be cut off). The length word is authenticated with the frame.
const magic = Buffer.from("SRBK\u0001", "latin1");
const headerBytes = magic.length + 8 + 32;
const frameBytes = 256 * 1024;
const tagBytes = 16;
const lastBit = 0x80000000;

/** Encrypts a stream. `name` is the file's name in the location. */
export async function* sealed(
  { id, key }: BackupKey,
  name: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const salt = randomBytes(32);
  yield Buffer.concat([magic, Buffer.from(id, "hex"), salt]);
  const fileKey = fileKeyOf(key, salt, name);
  let counter = 0;
  let held: Buffer | undefined;
  for await (const frame of inPieces(source)) {
    if (held !== undefined) yield sealFrame(fileKey, counter++, held, false);
    held = frame;
  }
  yield sealFrame(fileKey, counter, held ?? Buffer.alloc(0), true);
}

/** Decrypts what `sealed` made under that name. Throws BackupError `damaged`, `key_missing`. */
export async function* unsealed(
  keyring: Pick<Keyring, "find">,
  name: string,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const reader = readerOf(source);
  try {
    const header = await reader.take(headerBytes);
    if (header === undefined || !header.subarray(0, magic.length).equals(magic))
      throw damaged(name, "its head");
    const key = keyring.find(header.subarray(magic.length, magic.length + 8).toString("hex"));
    const fileKey = fileKeyOf(key.key, header.subarray(magic.length + 8), name);
    for (let counter = 0; ; counter++) {
      const word = await reader.take(4);
      if (word === undefined) throw damaged(name, "its end is missing");
      const length = word.readUInt32BE() & ~lastBit;
      const last = word.readUInt32BE() >= lastBit;
      const frame = length > frameBytes ? undefined : await reader.take(length + tagBytes);
      if (frame === undefined) throw damaged(name, "its end is missing");
      yield openFrame(fileKey, counter, word, frame, name);
      if (!last) continue;
      if ((await reader.take(1)) !== undefined) throw damaged(name, "something follows its end");
      return;
    }
  } finally {
    await reader.close();
  }
}

/** How long a file is when it is sealed. */
export const sealedLength = (bytes: number): number =>
  headerBytes + bytes + Math.max(1, Math.ceil(bytes / frameBytes)) * (4 + tagBytes);

function fileKeyOf(key: KeyObject, salt: Uint8Array, name: string): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, `strongroom backup\0${name}`, 32));
}

function nonceOf(counter: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(counter), 4);
  return nonce;
}

function sealFrame(key: Buffer, counter: number, plain: Buffer, last: boolean): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32BE((plain.length | (last ? lastBit : 0)) >>> 0);
  const cipher = createCipheriv("aes-256-gcm", key, nonceOf(counter)).setAAD(word);
  return Buffer.concat([word, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function openFrame(key: Buffer, counter: number, word: Buffer, frame: Buffer, name: string): Buffer {
  const end = frame.length - tagBytes;
  const decipher = createDecipheriv("aes-256-gcm", key, nonceOf(counter), { authTagLength: tagBytes });
  decipher.setAAD(word).setAuthTag(frame.subarray(end));
  const plain = decipher.update(frame.subarray(0, end));
  try {
    decipher.final();
  } catch {
    throw damaged(name, "it was changed, or belongs under another name");
  }
  return plain;
}

const damaged = (name: string, why: string): BackupError =>
  new BackupError("damaged", `The backup file ${name} is damaged: ${why}.`);

async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of source) {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes < frameBytes) continue;
    const joined = Buffer.concat(waiting);
    let from = 0;
    for (; joined.length - from >= frameBytes; from += frameBytes)
      yield joined.subarray(from, from + frameBytes);
    waiting = [joined.subarray(from)];
    bytes = joined.length - from;
  }
  if (bytes > 0) yield Buffer.concat(waiting);
}

/** Takes exact numbers of bytes from a stream; undefined when it ends before. To be closed, with what it reads. */
export function readerOf(source: AsyncIterable<Uint8Array>) {
  const chunks = source[Symbol.asyncIterator]();
  let held: Uint8Array[] = [];
  let bytes = 0;
  return {
    async close(): Promise<void> {
      await chunks.return?.();
    },
    async take(length: number): Promise<Buffer | undefined> {
      while (bytes < length) {
        const next = await chunks.next();
        if (next.done) return undefined;
        held.push(next.value);
        bytes += next.value.length;
      }
      const joined =
        held.length === 1 ? Buffer.from(held[0]!.buffer, held[0]!.byteOffset, bytes) : Buffer.concat(held);
      held = [joined.subarray(length)];
      bytes -= length;
      return joined.subarray(0, length);
    },
  };
}
