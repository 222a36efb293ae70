import { randomUUID } from "node:crypto";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { BackupError } from "./backup-error.ts";
import { someDiskHere } from "./disk-of.ts";
import { identityIn, markerName, markerOf } from "./location.ts";
import type { BackupLocation, BackupPlace } from "./location.ts";
import { isOnThisMachine } from "./on-this-machine.ts";
import { openS3Client, type Patience } from "./s3-client.ts";
import {
  abortAbandoned,
  claimOne,
  explained,
  listBelow,
  putWhole,
  readWhole,
  removeOne,
  type Bucket,
} from "./s3-files.ts";
import { s3KeysFrom, s3SettingsOf } from "./s3-settings.ts";

/** How long a bucket that was the right one is believed to be it still. */
const believedMilliseconds = 60_000;

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
    identity,
    async put(name, content) {
      await present();
      return putWhole(bucket, name, content);
    },
    async claim(name, content) {
      await present();
      return claimOne(bucket, name, content);
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
