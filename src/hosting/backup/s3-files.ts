import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { BackupError } from "./backup-error.ts";
import type { Listed, Stored } from "./location.ts";
import { isMissing, s3Explained } from "./s3-errors.ts";
import type { S3Settings } from "./s3-settings.ts";

/** What every operation needs: keys are `<prefix>/<name>`. */
export type Bucket = S3Settings & { name: string; client: S3Client; keyOf: (name: string) => string };

/** Eight mebibytes: ten thousand parts, the most there may be, make 80 GB for the files of one database. */
const partBytes = 8 * 1024 * 1024;
/** With the one being filled, three parts are in memory at most. */
const partsAtOnce = 2;
const dayMilliseconds = 86_400_000;
const readTries = 4;
/**
 * Every file of the log is below. What is larger counts by the digest of each part the storage confirmed: every gigabyte read back would double what a
 * base backup moves. It is read within the days it is kept, like all.
 */
const readBackBytesMax = 17 * 1024 * 1024;

export async function putWhole(
  bucket: Bucket,
  name: string,
  content: AsyncIterable<Uint8Array>,
): Promise<Stored> {
  const hash = createHash("sha256");
  let bytes = 0;
  async function* measured() {
    for await (const chunk of content) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const at = { Bucket: bucket.bucket, Key: bucket.keyOf(name) };
  return explained(bucket, name, async () => {
    const Body = Readable.from(measured(), { objectMode: false });
    // Nothing is seen under the name before the last part is there; when one fails, all are thrown away.
    const upload = new Upload({
      client: bucket.client,
      params: { ...at, Body },
      partSize: partBytes,
      queueSize: partsAtOnce,
    });
    try {
      await upload.done();
      const stored = { bytes, sha256: hash.digest("hex") };
      await (bytes <= readBackBytesMax ? mustReadSame : mustBeAsLong)(bucket, name, stored);
      return stored;
    } catch (error) {
      if (error instanceof BackupError && error.code === "damaged") await removeOne(bucket, name);
      throw error;
    } finally {
      Body.destroy();
    }
  });
}

async function mustReadSame(bucket: Bucket, name: string, { sha256 }: Stored): Promise<void> {
  const hash = createHash("sha256");
  for await (const chunk of readWhole(bucket, name)) hash.update(chunk);
  if (hash.digest("hex") === sha256) return;
  throw new BackupError("damaged", `${bucket.name} gave other bytes of ${name} than it was sent.`);
}

async function mustBeAsLong(bucket: Bucket, name: string, { bytes }: Stored): Promise<void> {
  const at = { Bucket: bucket.bucket, Key: bucket.keyOf(name) };
  const { ContentLength } = await bucket.client.send(new HeadObjectCommand(at));
  if (ContentLength === bytes) return;
  throw new BackupError("damaged", `${bucket.name} kept ${ContentLength} of ${bytes} bytes of ${name}.`);
}

/** Storage that does not know the condition takes both of two who try: then the one whose content stays is told so. */
export async function claimOne(bucket: Bucket, name: string, content: Uint8Array): Promise<boolean> {
  const at = { Bucket: bucket.bucket, Key: bucket.keyOf(name) };
  if ((await listBelow(bucket, name, 1)).length > 0) return false;
  try {
    await bucket.client.send(new PutObjectCommand({ ...at, Body: content, IfNoneMatch: "*" }));
    const kept: Uint8Array[] = [];
    for await (const piece of readWhole(bucket, name)) kept.push(piece);
    return Buffer.concat(kept).equals(content);
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    // 409 is what it says while another one is at it.
    if (status === 412 || status === 409) return false;
    throw s3Explained(error, bucket.name, name);
  }
}

// A connection that breaks in the middle of gigabytes is taken up again where it broke, at the same version.
export async function* readWhole(bucket: Bucket, name: string): AsyncGenerator<Uint8Array> {
  const at = { Bucket: bucket.bucket, Key: bucket.keyOf(name) };
  let given = 0;
  let whole: { etag?: string | undefined; bytes: number } | undefined;
  for (let tries = 1; ; tries++) {
    try {
      const further = whole && { Range: `bytes=${given}-`, ...(whole.etag ? { IfMatch: whole.etag } : {}) };
      const {
        Body,
        ETag,
        ContentLength = 0,
      } = await bucket.client.send(new GetObjectCommand({ ...at, ...further }));
      whole ??= { etag: ETag, bytes: ContentLength };
      for await (const chunk of Body as Readable) {
        given += (chunk as Buffer).length;
        yield chunk as Buffer;
      }
      if (given >= whole.bytes) return;
      throw Object.assign(new Error(`${name} broke off after ${given} bytes.`), { code: "ECONNRESET" });
    } catch (error) {
      if (whole === undefined || tries === readTries) throw s3Explained(error, bucket.name, name);
    }
  }
}

export async function listBelow(bucket: Bucket, below: string, most?: number): Promise<Listed[]> {
  return explained(bucket, below, async () => {
    const found: Listed[] = [];
    const from = bucket.keyOf("").length;
    const input = { Bucket: bucket.bucket, Prefix: bucket.keyOf(below), ...(most ? { MaxKeys: most } : {}) };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: bucket.client }, input)) {
      for (const { Key = "", Size = 0, LastModified = new Date(0) } of Contents)
        found.push({ name: Key.slice(from), bytes: Size, at: LastModified });
      if (found.length >= (most ?? Infinity)) break;
    }
    return found;
  });
}

export async function removeOne(bucket: Bucket, name: string): Promise<void> {
  const at = { Bucket: bucket.bucket, Key: bucket.keyOf(name) };
  await explained(bucket, name, () => bucket.client.send(new DeleteObjectCommand(at))).catch((error) => {
    if (!isMissing(error)) throw error;
  });
}

// No upload lasts a day: one that began before was left by a program that ended.
export async function abortAbandoned({ client, bucket, name, keyOf }: Bucket): Promise<void> {
  const all = { Bucket: bucket, Prefix: keyOf("") };
  for (let marker = {}, more = true; more;) {
    const { Uploads = [], ...page } = await explained({ name }, "", () =>
      client.send(new ListMultipartUploadsCommand({ ...all, ...marker })),
    );
    for (const { Key, UploadId, Initiated = new Date() } of Uploads)
      if (Date.now() - Initiated.getTime() > dayMilliseconds)
        await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
    more = page.IsTruncated === true;
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}

export async function explained<Answer>(
  { name }: Pick<Bucket, "name">,
  file: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await ask();
  } catch (error) {
    throw s3Explained(error, name, file);
  }
}
