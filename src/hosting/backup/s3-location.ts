import { createHash, randomUUID } from "node:crypto";
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
import { someDiskHere } from "./disk-of.ts";
import { identityIn, markerName, markerOf } from "./location.ts";
import type { BackupLocation, BackupPlace, Listed, Stored } from "./location.ts";
import { isOnThisMachine } from "./on-this-machine.ts";
import { openS3Client, type Patience } from "./s3-client.ts";
import { isMissing, s3Explained } from "./s3-errors.ts";
import { s3KeysFrom, s3SettingsOf, type S3Settings } from "./s3-settings.ts";

/** What every operation needs: keys are `<prefix>/<name>`. */
type Bucket = S3Settings & { name: string; client: S3Client; keyOf: (name: string) => string };

/** Eight mebibytes: ten thousand parts, the most there may be, make 80 GB for the files of one database. */
const partBytes = 8 * 1024 * 1024;
/** With the one being filled, three parts are in memory at most. */
const partsAtOnce = 2;
const dayMilliseconds = 86_400_000;
/** How long a bucket that was the right one is believed to be it still. */
const believedMilliseconds = 60_000;
const readTries = 4;

/** Storage that speaks S3. Throws BackupError `bad_request`, `not_configured`. */
export function s3Place(name: string, environment: NodeJS.ProcessEnv, patience?: Patience): BackupPlace {
  const settings = s3SettingsOf(name, environment);
  const { prefix, endpoint, region } = settings;
  const client = openS3Client(settings, s3KeysFrom(environment), patience);
  const keyOf = (file: string) => (prefix === "" ? file : `${prefix}/${file}`);
  const bucket: Bucket = { ...settings, name: name.replace(/\/$/, ""), client, keyOf };
  const ground = async () => {
    if (endpoint === undefined) return `storage Amazon ${region}`;
    return (await isOnThisMachine(endpoint.hostname)) ? someDiskHere : `storage ${endpoint.host}`;
  };
  const toReach = {
    ...(endpoint === undefined ? {} : { STRONGROOM_S3_ENDPOINT: endpoint.href }),
    STRONGROOM_S3_REGION: region,
  };
  const shared = { name: bucket.name, description: describe(bucket.name, toReach), ground };
  return {
    ...shared,
    settings: toReach,
    initialise: () => initialise(bucket),
    identity: () => identityOf(bucket),
    open: (identity) => ({ ...shared, ...openBucket(bucket, identity) }),
  };
}

const describe = (name: string, settings: Record<string, string>): string =>
  `${name} (set ${Object.entries(settings)
    .map((setting) => setting.join("="))
    .join(" ")}, and a key pair for it in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)`;

async function initialise(bucket: Bucket): Promise<string> {
  const known = await identityOf(bucket);
  if (known !== undefined) return known;
  if ((await listBelow(bucket, "", 1)).length > 0)
    throw new BackupError(
      "location_taken",
      `${bucket.name} holds files that are not Strongroom's backups. Name an empty prefix.`,
    );
  const identity = randomUUID();
  await explained(bucket, markerName, () =>
    bucket.client.send(
      new PutObjectCommand({
        Bucket: bucket.bucket,
        Key: bucket.keyOf(markerName),
        Body: markerOf(identity),
      }),
    ),
  );
  return identity;
}

async function identityOf(bucket: Bucket): Promise<string | undefined> {
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of readWhole(bucket, markerName)) chunks.push(chunk);
    return identityIn(Buffer.concat(chunks).toString());
  } catch (error) {
    if (error instanceof BackupError && error.code === "missing") return undefined;
    throw error;
  }
}

function openBucket(
  bucket: Bucket,
  identity: string,
): Omit<BackupLocation, "name" | "description" | "ground"> {
  let believedUntil = 0;
  const present = async () => {
    if (performance.now() < believedUntil) return;
    if ((await identityOf(bucket)) !== identity)
      throw new BackupError(
        "location_away",
        `The backups are not at ${bucket.name} any more: it is empty or another server's. Name the right one, or another empty one.`,
      );
    believedUntil = performance.now() + believedMilliseconds;
  };
  return {
    async put(name, content) {
      await present();
      return putWhole(bucket, name, content);
    },
    read: (name) => readWhole(bucket, name),
    async list(below) {
      await present();
      return listBelow(bucket, `${below}/`);
    },
    async remove(name) {
      await present();
      for (const each of [name, ...(await listBelow(bucket, `${name}/`)).map((file) => file.name)])
        await removeOne(bucket, each);
    },
    async clean() {
      await present();
      await abortAbandoned(bucket);
    },
    room: async () => undefined,
  };
}

async function putWhole(bucket: Bucket, name: string, content: AsyncIterable<Uint8Array>): Promise<Stored> {
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
      const { ContentLength } = await bucket.client.send(new HeadObjectCommand(at));
      if (ContentLength === bytes) return { bytes, sha256: hash.digest("hex") };
      throw new BackupError("damaged", `${bucket.name} kept ${ContentLength} of ${bytes} bytes of ${name}.`);
    } catch (error) {
      if (error instanceof BackupError && error.code === "damaged") await removeOne(bucket, name);
      throw error;
    } finally {
      Body.destroy();
    }
  });
}

// A connection that breaks in the middle of gigabytes is taken up again where it broke, at the same version.
async function* readWhole(bucket: Bucket, name: string): AsyncGenerator<Uint8Array> {
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

async function listBelow(bucket: Bucket, below: string, most?: number): Promise<Listed[]> {
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

async function removeOne(bucket: Bucket, name: string): Promise<void> {
  const at = { Bucket: bucket.bucket, Key: bucket.keyOf(name) };
  await explained(bucket, name, () => bucket.client.send(new DeleteObjectCommand(at))).catch((error) => {
    if (!isMissing(error)) throw error;
  });
}

// No upload lasts a day: one that began before was left by a program that ended.
async function abortAbandoned({ client, bucket, name, keyOf }: Bucket): Promise<void> {
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

async function explained<Answer>(
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
