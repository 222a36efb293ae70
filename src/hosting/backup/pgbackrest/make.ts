import { setTimeout as delay } from "node:timers/promises";
import { BackupError } from "../backup-error.ts";
import type { MadeBackup } from "../backups.ts";
import { readHostCatalog, type StoredBackup } from "./catalog.ts";
import type { Repository } from "./configuration.ts";
import type { HostBackups } from "./host-backups.ts";
import { pgBackRest } from "./run.ts";
import { archiveAll } from "./wait-for-archive.ts";

const hourMilliseconds = 3_600_000;

/** A little less than the schedule's own pause, so that a repository that was late is not left out. */
const fresh = { full: 23 * hourMilliseconds, increment: 0.9 * hourMilliseconds };

/**
 * Makes a backup in every repository that has no fresh one, or in all when each has. One that fails does not keep the
 * others from theirs. Throws BackupError that names it, after the others are done.
 */
export async function makeInEach(
  backups: HostBackups,
  kind: "full" | "increment",
  now: Date,
  signal?: AbortSignal,
): Promise<MadeBackup> {
  const ours = backups.repositories.filter((each) => each.ours);
  const before = await readHostCatalog(backups).catch(() => undefined);
  const isFresh = ({ key }: Repository) => {
    const newest = newestIn(before?.bases ?? [], key, kind);
    return newest !== undefined && now.getTime() - newest.startedAt.getTime() < fresh[kind];
  };
  const lacking = ours.filter((each) => !isFresh(each));
  const failures: string[] = [];
  for (const { key, place } of lacking.length === 0 ? ours : lacking) {
    const words = [
      `--repo=${key}`,
      `--type=${kind === "full" ? "full" : "incr"}`,
      "--no-expire-auto",
      "backup",
    ];
    await pgBackRest(backups.caller, [...keeping(backups), ...words], { signal }).catch((error: Error) => {
      signal?.throwIfAborted();
      failures.push(`Repository ${key} (${place}) got no backup. ${error.message}`);
    });
  }
  if (failures.length > 0) throw new BackupError("failed", failures.join(" "));
  // The second in which it ended must be over, and archived, before a moment can be reached from it.
  await delay(1_000, undefined, signal === undefined ? {} : { signal });
  await archiveAll(backups, signal);
  const made = newestIn((await readHostCatalog(backups)).bases, undefined, kind);
  if (made === undefined) throw new BackupError("missing", "pgBackRest made a backup and does not list it.");
  return { label: made.label, storedBytes: made.storedBytes, from: made.from.toISOString() };
}

/** A full backup is also as good as an increment. */
export const newestIn = (
  bases: readonly StoredBackup[],
  repository: number | undefined,
  kind: "full" | "increment",
): StoredBackup | undefined =>
  bases.findLast(
    (base) =>
      (repository === undefined || base.repository === repository) && (kind === "increment" || base.full),
  );

/** What pgBackRest is to keep, whatever its configuration says: every second of the days promised. */
export const keeping = ({
  repositories,
  keepDays,
}: Pick<HostBackups, "repositories" | "keepDays">): string[] =>
  repositories.flatMap(({ key }) => [
    `--repo${key}-retention-full-type=time`,
    `--repo${key}-retention-full=${keepDays}`,
    `--reset-repo${key}-retention-diff`,
    `--reset-repo${key}-retention-archive`,
    `--reset-repo${key}-retention-archive-type`,
  ]);
