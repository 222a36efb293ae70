import { existsSync } from "node:fs";
import { chmod, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ServerSettings } from "./settings.ts";

/**
 * The folder in which the shipper of the write-ahead log leaves a mark per shipped file. It exists exactly while
 * the log is archived, so that every start of the server, by whichever program, archives or does not alike.
 */
export const shippedFolder = (directory: string): string => join(directory, "wal-shipped");

export async function turnArchivingOn(directory: string): Promise<void> {
  await mkdir(shippedFolder(directory), { recursive: true });
  // The server's own user looks for the marks by name.
  await chmod(shippedFolder(directory), 0o711);
}

export async function turnArchivingOff(directory: string): Promise<void> {
  await rm(shippedFolder(directory), { recursive: true, force: true });
}

export const archives = (directory: string): boolean => existsSync(shippedFolder(directory));

// A minute may be lost at most; ten seconds of it are for shipping.
const archiveSeconds = 50;
// Long enough to ship sixteen megabytes; short enough that a server whose backups are away still stops soon: it
// asks three times. Shipping does not wait for the question, so a question that comes too early costs nothing.
const waits = 15;

/**
 * PostgreSQL keeps a log file until the archive command has said yes. The command says yes when the mark is
 * there, and the mark is made when the file is safe in the backup location: what PostgreSQL may recycle is safe,
 * what is not safe yet stays in `pg_wal`, and no second copy of it is written to the data disk.
 */
export function archiveSettings(directory: string): ServerSettings {
  if (!archives(directory)) return {};
  const mark = `'${shippedFolder(directory)
    .replaceAll("'", String.raw`'\''`)
    .replaceAll("%", "%%")}'/%f`;
  return {
    archive_mode: "on",
    archive_timeout: `${archiveSeconds}s`,
    archive_command: `n=0; until test -f ${mark}; do n=$((n+1)); test $n -gt ${waits} && exit 1; sleep 0.1; done`,
  };
}
