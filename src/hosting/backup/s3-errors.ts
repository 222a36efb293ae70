import { BackupError, type BackupErrorCode } from "./backup-error.ts";

type Answered = Error & { Code?: string; code?: string; $metadata?: { httpStatusCode?: number } };

const refusedCodes = [
  "AccessDenied",
  "InvalidAccessKeyId",
  "SignatureDoesNotMatch",
  "ExpiredToken",
  "InvalidToken",
  "AccountProblem",
];
const fullCodes = ["QuotaExceeded", "XMinioStorageFull", "InsufficientCapacity", "EntityTooLarge"];
const lostCodes = ["NoSuchKey", "NotFound"];
const elsewhereCodes = [
  "PermanentRedirect",
  "AuthorizationHeaderMalformed",
  "IllegalLocationConstraintException",
];

/** What the storage answered, or that it did not, as a sentence that says what to do. `file` is what was asked for. */
export function s3Explained(error: unknown, place: string, file: string): unknown {
  if (error instanceof BackupError || !(error instanceof Error)) return error;
  const found = meaningOf(error, place, file);
  return found === undefined ? error : new BackupError(found[0], found[1], { cause: error });
}

export const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (lostCodes.includes(codeOf(error)) || (isStatus(error, 404) && codeOf(error) !== "NoSuchBucket"));

function meaningOf(error: Answered, place: string, file: string): [BackupErrorCode, string] | undefined {
  const code = codeOf(error);
  if (code === "NoSuchBucket")
    return ["location_away", `There is no bucket for ${place}. Make it, or name another one.`];
  if (isMissing(error)) return ["missing", `The backup file ${file} is missing from ${place}.`];
  if (code === "RequestTimeTooSkewed")
    return ["access_denied", `${place} lets nobody in whose clock is wrong. Set this machine's clock.`];
  if (refusedCodes.includes(code) || isStatus(error, 401) || isStatus(error, 403))
    return [
      "access_denied",
      `${place} does not let this key pair do that (${code}). Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and what it may: list, read, write and delete.`,
    ];
  if (fullCodes.includes(code) || isStatus(error, 507))
    return ["location_full", `${place} takes nothing more (${code}). Give it room; nothing is lost yet.`];
  if (elsewhereCodes.includes(code) || isStatus(error, 301))
    return [
      "location_away",
      `${place} lies in another region. Set STRONGROOM_S3_REGION to it (${error.message}).`,
    ];
  if (code === "BadDigest" || code === "XAmzContentSHA256Mismatch" || code === "InvalidDigest")
    return ["damaged", `${file} was changed on its way to ${place}. It is sent again.`];
  if (isSilence(error, code))
    return [
      "location_away",
      `${place} does not answer (${code}). Check STRONGROOM_S3_ENDPOINT and the network.`,
    ];
  return undefined;
}

const codeOf = (error: Answered): string => error.Code ?? error.code ?? error.name;
const isStatus = (error: Answered, status: number): boolean => error.$metadata?.httpStatusCode === status;

const silences =
  /^(E[A-Z]+|TimeoutError|AbortError|SlowDown|RequestTimeout|ServiceUnavailable|InternalError|UND_.*|CERT_.*|ERR_TLS.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO.*)$/;

// A source of the content, such as a file of the server, has codes of its own: they are not the storage's.
const isSilence = (error: Answered, code: string): boolean =>
  (error.$metadata?.httpStatusCode ?? 0) >= 500 || (silences.test(code) && !("path" in error));
