import { pipeline, Readable, type Duplex } from "node:stream";
import { promisify } from "node:util";
import { constants, createZstdCompress, createZstdDecompress, zstdCompress } from "node:zlib";
import { once, type BackupLocation, type Stored } from "./location.ts";
import type { BackupKey, Keyring } from "./keyring.ts";
import { sealed } from "./sealed-stream.ts";
import { openedAnywhere } from "./with-copy.ts";

// Level 3 is zstd's own choice; higher ones cost the server's processor more than the disk is worth.
const compression = {
  params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
};

/** Compressed and encrypted as it is stored under that name. */
export async function sealedBytes(key: BackupKey, name: string, content: Uint8Array): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of sealed(key, name, once(await compressed(content)))) pieces.push(piece);
  return Buffer.concat(pieces);
}

export const compressed = (content: Uint8Array): Promise<Buffer> =>
  promisify(zstdCompress)(content, compression);

/** Compresses, encrypts and stores a stream. */
export function storeFile(
  location: BackupLocation,
  key: BackupKey,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Stored> {
  return location.put(
    name,
    sealed(
      key,
      name,
      through(content, () => createZstdCompress(compression)),
    ),
  );
}

/** The plain content of a stored file. Throws BackupError `missing`, `damaged`, `key_missing`. */
export function loadFile(
  location: BackupLocation,
  keyring: Keyring,
  name: string,
): AsyncIterable<Uint8Array> {
  return through(openedAnywhere(location, keyring, name), createZstdDecompress);
}

/** A small stored file whole. */
export async function loadBytes(location: BackupLocation, keyring: Keyring, name: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of loadFile(location, keyring, name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// Nothing is read before somebody asks; a failure anywhere reaches him, and when he stops, the source is closed.
async function* through(
  source: AsyncIterable<Uint8Array>,
  filterOf: () => Duplex,
): AsyncGenerator<Uint8Array> {
  const filter = filterOf();
  pipeline(Readable.from(source, { objectMode: false, highWaterMark: 512 * 1024 }), filter, () => undefined);
  try {
    yield* filter as AsyncIterable<Uint8Array>;
  } finally {
    filter.destroy();
  }
}
