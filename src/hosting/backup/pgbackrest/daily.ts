import { BackupError } from "../backup-error.ts";
import { expendable, nextStep } from "../retention.ts";
import { keepNotes, readNotes } from "../run-notes.ts";
import { readHostCatalog } from "./catalog.ts";
import type { HostBackups } from "./host-backups.ts";
import { keeping } from "./make.ts";
import { failureWords } from "./repositories.ts";
import { pgBackRest } from "./run.ts";

/** Has pgBackRest send a file of the log through, and read every repository whole. */
export async function checkHostBackups(backups: HostBackups, now: Date): Promise<string> {
  const { caller, directory, repositories } = backups;
  const note = (ok: boolean, words: string) =>
    keepNotes(directory, { check: { at: now.toISOString(), ok, words } });
  try {
    const { bases, repositories: seen } = await readHostCatalog(backups);
    const failing = seen.filter(({ failure }) => failure !== undefined);
    if (failing.length > 0) throw new BackupError("location_away", failing.map(failureWords).join(" "));
    if (bases.length === 0)
      throw new BackupError("missing", "There is no full backup yet. Make one: strongroom backup now.");
    await pgBackRest(caller, ["check"]);
    for (const { key, place } of repositories) {
      const found = await pgBackRest(caller, [`--repo=${key}`, "--output=text", "verify"]);
      // It ends well whatever it finds, and is silent when all is sound.
      if (/status: error/.test(found))
        throw new BackupError("damaged", `Repository ${key} (${place}) is damaged. ${foundWords(found)}`);
    }
    const words = `Archived a file of the log and read ${repositories.map(({ place }) => place).join(" and ")} whole.`;
    await note(true, words);
    return words;
  } catch (error) {
    await note(false, (error as Error).message);
    throw error;
  }
}

const foundWords = (found: string): string => {
  const lines = found.split("\n").map((line) => line.trim());
  return `pgBackRest found: ${lines.filter((line) => /^(archiveId|backup|missing|checksum|size|other)/.test(line)).join("; ")}.`;
};

/** Removes what the window no longer needs, a day after it was first seen to be so. */
export async function purgeHostBackups(backups: HostBackups, now: Date): Promise<string> {
  const { caller, directory, keepDays, repositories } = backups;
  const { retention = {} } = await readNotes(directory);
  const { bases } = await readHostCatalog(backups);
  const may = expendable({ bases: bases.filter(({ full }) => full), segments: [] }, keepDays, now);
  const step = nextStep(retention, may, now);
  if (step.do === "purge")
    for (const { key } of repositories.filter(({ ours }) => ours))
      await pgBackRest(caller, [...keeping(backups), `--repo=${key}`, "expire"]);
  const words =
    step.do === "refuse"
      ? step.why
      : step.do === "purge"
        ? `pgBackRest removed what ${keepDays} days do not need.`
        : "Nothing to remove.";
  await keepNotes(directory, {
    retention: step.state,
    purge: { at: now.toISOString(), ok: step.do !== "refuse", words },
  });
  return words;
}
