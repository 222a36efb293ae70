import { setTimeout as delay } from "node:timers/promises";
import { BackupError } from "../backup-error.ts";
import { endSegment } from "../base-backup.store.ts";
import { readHostCatalog } from "./catalog.ts";
import type { HostBackups } from "./host-backups.ts";

const secondsMax = 120;
const lookMilliseconds = 300;

/** Returns when everything committed before the call is in a repository. Throws BackupError after two minutes. */
export async function archiveAll(backups: HostBackups, signal?: AbortSignal): Promise<void> {
  const segment = await endSegment(backups.connection);
  const began = performance.now();
  while (performance.now() - began < secondsMax * 1_000) {
    const { segments } = await readHostCatalog({ ...backups, lastCommits: async () => undefined });
    if (segments.some(({ name }) => name === segment)) return;
    await delay(lookMilliseconds, undefined, signal === undefined ? {} : { signal });
  }
  throw new BackupError(
    "location_away",
    `No repository gets the write-ahead log: segment ${segment} waits for ${secondsMax} seconds. See the server's log and strongroom backup status.`,
  );
}
