import { createHash } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { BackupError } from "./backup-error.ts";
import type { S3Keys, S3Settings } from "./s3-settings.ts";

/** How long a storage may be silent, and how often it is asked, before that is a failure somebody hears of. */
export type Patience = { connectMilliseconds: number; silentMilliseconds: number; tries: number };

const usualPatience: Patience = { connectMilliseconds: 5_000, silentMilliseconds: 60_000, tries: 3 };
/** A part of eight mebibytes over a line of an eighth of a megabit. */
const requestMillisecondsMax = 600_000;

/** A client that gives up in the end, and believes the storage only what its digests confirm. */
export function openS3Client(
  { region, endpoint }: S3Settings,
  keys: S3Keys,
  patience: Patience = usualPatience,
): S3Client {
  const client = new S3Client({
    region,
    credentials: keys,
    // Storages of one's own are seldom reached by a name per bucket.
    ...(endpoint === undefined ? {} : { endpoint: endpoint.href, forcePathStyle: true }),
    followRegionRedirects: false,
    maxAttempts: patience.tries,
    requestHandler: {
      connectionTimeout: patience.connectMilliseconds,
      socketTimeout: patience.silentMilliseconds,
      requestTimeout: requestMillisecondsMax,
      throwOnRequestTimeout: true,
    },
    // What is read is sealed: a changed byte does not open.
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  confirmByDigest(client);
  return client;
}

// Content-MD5 is the one digest every storage that speaks S3 checks, and answers as the tag of what it kept.
function confirmByDigest(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { Body, Key } = args.input as { Body?: unknown; Key?: string };
      if (!(Body instanceof Uint8Array)) return next(args);
      const digest = createHash("md5").update(Body).digest();
      const { headers } = args.request as { headers: Record<string, string> };
      headers["content-md5"] = digest.toString("base64");
      const answer = await next(args);
      if (isOtherDigest(answer.output, digest.toString("hex")))
        throw new BackupError("damaged", `${Key} was changed on its way to the storage. It is sent again.`);
      return answer;
    },
    { step: "build", name: "confirmByDigest" },
  );
}

function isOtherDigest(answer: object, digest: string): boolean {
  const { ETag = "", ServerSideEncryption } = answer as { ETag?: string; ServerSideEncryption?: string };
  const kept = /^"?([0-9a-f]{32})"?$/.exec(ETag)?.[1];
  // With a key of the storage's own the tag is no digest.
  return kept !== undefined && !ServerSideEncryption?.startsWith("aws:kms") && kept !== digest;
}
