import { BackupError } from "./backup-error.ts";

/** A bucket or a part of one, on a storage that speaks S3. Holds no secrets. */
export type S3Settings = {
  bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  prefix: string;
  region: string;
  /** Undefined for Amazon's own. */
  endpoint: URL | undefined;
};

export type S3Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

export const isS3 = (name: string): boolean => name.startsWith("s3://");

const nameShape = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9!_.*'()-]+)*)\/?$/;

/** Throws BackupError `bad_request` with what to set. */
export function s3SettingsOf(name: string, environment: NodeJS.ProcessEnv): S3Settings {
  const [, bucket, path = ""] = nameShape.exec(name) ?? [];
  if (bucket === undefined)
    throw wrong(`"${name}" names no bucket. Write s3://bucket or s3://bucket/prefix, in plain letters.`);
  const endpoint = endpointFrom(environment.STRONGROOM_S3_ENDPOINT);
  const region = environment.STRONGROOM_S3_REGION || (endpoint && "us-east-1");
  if (region === undefined)
    throw wrong(
      "Set STRONGROOM_S3_REGION to the bucket's region, and STRONGROOM_S3_ENDPOINT when it is not at Amazon.",
    );
  return { bucket, prefix: path.slice(1), region, endpoint };
}

function endpointFrom(text: string | undefined): URL | undefined {
  if (!text) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw wrong(`STRONGROOM_S3_ENDPOINT is an address such as https://s3.example.com; "${text}" is none.`);
  if (url.username !== "" || url.password !== "")
    throw wrong(
      "STRONGROOM_S3_ENDPOINT must hold no key: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead.",
    );
  return url;
}

/** The key pair, which is nowhere but in the environment. Throws BackupError `not_configured`. */
export function s3KeysFrom(environment: NodeJS.ProcessEnv): S3Keys {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = environment;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new BackupError(
      "not_configured",
      "The backups lie on S3 storage, which is entered with a key pair: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    );
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
  };
}

const wrong = (why: string): BackupError => new BackupError("bad_request", why);
