import { existsSync, realpathSync } from "node:fs";
import { BackupError } from "../backup-error.ts";
import { areSeparate, isInMemory } from "../disk-of.ts";
import type { Configuration, Repository } from "./configuration.ts";

/** Two repositories, neither of which is lost with the server's disk or with the other. Throws BackupError. */
export async function mustBeApart(
  { pgFolder, repositories }: Configuration,
  sameDiskAccepted: boolean,
): Promise<void> {
  if (!existsSync(pgFolder))
    throw new BackupError(
      "not_configured",
      `pgBackRest is told that the server's data lies in ${pgFolder} (pg1-path), and nothing is there.`,
    );
  if (repositories.length < 2)
    throw new BackupError(
      "not_configured",
      `pgBackRest has one repository (${repositories[0]?.place}). Two are needed: configure repo2 on other storage, run stanza-create, and start again.`,
    );
  for (const repository of repositories) {
    const { key, place, folder } = repository;
    if (folder === undefined) continue;
    if (!existsSync(folder))
      throw new BackupError(
        "not_configured",
        `Repository ${key} of pgBackRest (${place}) is not there. Mount its disk, or make it with stanza-create.`,
      );
    const twin = twinOf(repository, repositories);
    if (twin !== undefined)
      throw new BackupError(
        "not_configured",
        `Repositories ${twin.key} and ${key} of pgBackRest are the same folder. Put the second one on other storage.`,
      );
    if (!sameDiskAccepted && !(await isSeparate(repository, pgFolder)))
      throw new BackupError(
        "same_disk",
        `Repository ${key} of pgBackRest (${place}) is on the same disk as ${pgFolder}: one broken disk would take both. Put it on another disk, machine or S3, or set STRONGROOM_BACKUP_SAME_DISK=accept for a trial.`,
      );
  }
}

/** An earlier repository that is the same folder under whatever name. */
export const twinOf = (
  { key, folder }: Repository,
  repositories: readonly Repository[],
): Repository | undefined =>
  repositories.find(
    (other) => other.key < key && folder !== undefined && real(other.folder) === real(folder),
  );

function real(folder: string | undefined): string | undefined {
  return folder !== undefined && existsSync(folder) ? realpathSync(folder) : folder;
}

/** Another machine's, or on another disk than the server's data. */
export async function isSeparate(
  { folder, memoryCounts }: Pick<Repository, "folder" | "memoryCounts">,
  pgFolder: string,
): Promise<boolean> {
  if (folder === undefined) return true;
  try {
    return (await areSeparate(pgFolder, folder)) || (memoryCounts && (await isInMemory(folder)));
  } catch {
    // What is not there separates nothing.
    return false;
  }
}
