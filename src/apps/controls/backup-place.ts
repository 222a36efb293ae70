import { existsSync } from "node:fs";
import { mkdtemp, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { System } from "#controls/index.ts";
import { areSeparate, isInMemory } from "#hosting/index.ts";

/** Folders that are often on another disk than the temporary one. */
const elsewhere = ["/dev/shm", "/var/tmp", "/var/lib", "/srv", "/mnt"];
const bytesNeeded = 50_000_000;

/** Folders for a throwaway's backups and their copy, and the settings that name them. */
export type BackupPlaces = { folders: string[]; settings: Readonly<Record<string, string>> };

/**
 * The backups lie on a disk other than their data's, or in memory, if this machine has one with room, their copy on the
 * data's: what takes one of the two leaves the backups. If it has none they all lie together, and the check of W-24 rightly
 * says that they are not separate.
 */
export async function backupPlaces(directory: string): Promise<BackupPlaces> {
  const copy = await mkdtemp(join(tmpdir(), "strongroom-copy-"));
  for (const folder of elsewhere.filter((each) => existsSync(each))) {
    const isMemory = await isInMemory(folder);
    if (!isMemory && !(await areSeparate(directory, folder))) continue;
    const { bavail, bsize } = await statfs(folder);
    const made =
      bavail * bsize < bytesNeeded
        ? undefined
        : await mkdtemp(join(folder, "strongroom-backups-")).catch(() => undefined);
    if (made !== undefined)
      return {
        folders: [made, copy],
        settings: {
          STRONGROOM_BACKUP: made,
          STRONGROOM_BACKUP_COPY: copy,
          ...(isMemory ? { STRONGROOM_BACKUP_MEMORY: "accept" } : {}),
        },
      };
  }
  const folder = await mkdtemp(join(tmpdir(), "strongroom-backups-"));
  const settings = {
    STRONGROOM_BACKUP: folder,
    STRONGROOM_BACKUP_COPY: copy,
    STRONGROOM_BACKUP_SAME_DISK: "accept",
  };
  return { folders: [folder, copy], settings };
}

const secondsMax = 90;

/** Waits for the base backup the program makes at its first start, and reads it as the daily check does. */
export async function firstBackup({ backups }: Pick<System, "backups">): Promise<void> {
  for (let waited = 0; waited < secondsMax; waited += 0.2) {
    const opened = await backups();
    const status = await opened?.status(new Date());
    if (status?.bases.some(({ restorable }) => restorable) && status.runs.base !== undefined)
      return void (await opened!.check(Math.random, new Date()));
    await delay(200);
  }
  throw new Error(`Strongroom made no base backup within ${secondsMax} seconds of its start.`);
}
