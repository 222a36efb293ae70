import { createHash } from "node:crypto";
import type { Listed } from "./location.ts";
import { isSegmentName } from "./wal-names.ts";

/**
 * What a file of the log says of itself in its name, which its seal holds: how long it is as stored, its content's
 * digest, and the chain: a digest over the chain of the file shipped before it and all of this. So a listing alone
 * shows a file that was cut, left out or put in, and the last chain stands for everything before it.
 */
export type Link = { bytes: number; digest: string; chain: string };

/** Files of before the chain have none. */
export type LogFile = { name: string; path: string; closedAt: Date; bytes: number; link?: Link };

/** The newest file of the log, sealed, beside the log: what is missing after the last one that is there is known by it. */
export const headPath = "chain/head";

/** Before the first file. */
export const noChain = "0000000000000000";

export const shortDigest = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex").slice(0, 16);
};

export const chained = (
  before: string,
  { name, closedAt, bytes, digest }: { name: string; closedAt: Date; bytes: number; digest: string },
): string => shortDigest(before, name, String(closedAt.getTime()), String(bytes), digest);

export const logFolder = (segment: string): string => `wal/${segment.slice(0, 16)}`;

export const logPath = (name: string, closedAt: Date, { bytes, digest, chain }: Link): string =>
  `${logFolder(name)}/${name}.${closedAt.getTime()}.${bytes}.${digest}.${chain}`;

const shape = /^([0-9A-F]{24})\.(\d{1,15})(?:\.(\d{1,10})\.([0-9a-f]{16})\.([0-9a-f]{16}))?$/;

/** Undefined for what is no file of the log, whatever it is. */
export function logFileOf({ name: path, bytes }: Pick<Listed, "name" | "bytes">): LogFile | undefined {
  const [, name = "", closedAt, stored, digest, chain] = shape.exec(path.split("/").at(-1) ?? "") ?? [];
  if (!isSegmentName(name) || !path.startsWith(`${logFolder(name)}/`)) return undefined;
  const file = { name, path, closedAt: new Date(Number(closedAt)), bytes };
  if (digest === undefined || chain === undefined) return file;
  return { ...file, link: { bytes: Number(stored), digest, chain } };
}

export const isCut = ({ bytes, link }: LogFile): boolean => link !== undefined && link.bytes !== bytes;

export const cutWords = ({ path, bytes, link }: LogFile): string =>
  `${path} was cut: ${bytes} of ${link?.bytes} bytes are there.`;

/** Whether it was shipped right after a file with that chain; undefined where nothing says so. */
export function continues(file: LogFile, before: LogFile | undefined): boolean | undefined {
  if (file.link === undefined || before?.link === undefined) return undefined;
  return file.link.chain === chained(before.link.chain, { ...file, ...file.link });
}
