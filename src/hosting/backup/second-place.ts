import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BackupError } from "./backup-error.ts";
import { areApart } from "./disk-of.ts";
import type { BackupPlace } from "./location.ts";
import { isS3 } from "./s3-settings.ts";

/** A copy within the first location or on its disk falls with it. Throws BackupError `same_place`, `same_disk`. */
export async function mustBeSecond(first: BackupPlace, copy: BackupPlace, accepted: boolean): Promise<void> {
  const [one, other] = [await addressOf(first), await addressOf(copy)];
  const known = await first.identity();
  const same = isWithin(one, other) || isWithin(other, one);
  // A link, another mount or another address of the same storage shows by what is written there.
  if (same || (known !== undefined && known === (await copy.identity())))
    throw new BackupError(
      "same_place",
      `STRONGROOM_BACKUP_COPY leads to the place of STRONGROOM_BACKUP: ${copy.name} and ${first.name} are one. Name a second one, on another disk.`,
    );
  if (accepted || areApart(await first.ground(), await copy.ground())) return;
  throw new BackupError(
    "same_disk",
    `${copy.name} and ${first.name} lie on the same disk or storage: what takes the one takes the other. Choose another disk for STRONGROOM_BACKUP_COPY, or set STRONGROOM_BACKUP_SAME_DISK=accept for a trial.`,
  );
}

const isWithin = (inner: string, outer: string): boolean => `${inner}/`.startsWith(`${outer}/`);

async function addressOf({ name, settings }: BackupPlace): Promise<string> {
  return isS3(name) ? `${settings["STRONGROOM_S3_ENDPOINT"] ?? ""} ${name}` : realPath(name);
}

/** Without links, also of a folder that is not there yet. */
async function realPath(path: string): Promise<string> {
  const found = await realpath(path).catch(() => undefined);
  if (found !== undefined || dirname(path) === path) return found ?? path;
  return join(await realPath(dirname(path)), basename(path));
}
