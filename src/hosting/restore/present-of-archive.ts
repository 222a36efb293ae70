import { rm } from "node:fs/promises";
import { BackupError } from "../backup/backup-error.ts";
import { readPresent, type Present } from "./present.store.ts";
import { recoverTo, scratchSettings, type RecoveryPlan } from "./recover-to.ts";

/**
 * What the end of the archive says of everybody's rights, blocks and erasures: a server of its own replays everything
 * there is, is read, and is gone. Throws BackupError, which names what to say to do without it.
 */
export async function presentOfArchive(
  plan: Pick<RecoveryPlan, "source" | "catalog" | "directory">,
  target: Date,
): Promise<Present> {
  try {
    const last = await recoverTo({
      ...plan,
      target: undefined,
      wanted: () => true,
      settings: scratchSettings,
    });
    try {
      return await readPresent(last.connection);
    } finally {
      await last.stop();
    }
  } catch (error) {
    throw new BackupError(
      "damaged",
      `Who was blocked, limited or lowered and what was erased after ${target.toISOString()} cannot be read from the end of the archive: ${(error as Error).message} To recover all the same, with those users, rights and erased records as they were then, add --as-it-was.`,
      { cause: error },
    );
  } finally {
    await rm(plan.directory, { recursive: true, force: true });
  }
}
