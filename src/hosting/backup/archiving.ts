import { archives, turnArchivingOff, turnArchivingOn } from "#platform/postgres/index.ts";
import { noteFile } from "./note-file.ts";

/** Since when the log is archived without a break, or when the host said that it shall not be. */
type Archiving = { since?: string; stoppedAt?: string };

const noted = noteFile<Archiving>("archiving.json");

/** From the server's next start on. What was written while it was off is in no archive: only a new base backup holds it. */
export async function beginArchiving(directory: string, now: Date): Promise<void> {
  if (!archives(directory)) await noted.keep(directory, { since: now.toISOString() });
  await turnArchivingOn(directory);
}

/** The host's own word, and the only thing that ends archiving. */
export async function stopArchiving(directory: string, now: Date): Promise<void> {
  await noted.keep(directory, { stoppedAt: now.toISOString() });
  await turnArchivingOff(directory);
}

export const isStopped = async (directory: string): Promise<boolean> =>
  (await noted.read(directory))?.stoppedAt !== undefined;

/** When archiving was last taken up; what was written before that moment may be missing. */
export async function archivedSince(directory: string): Promise<Date | undefined> {
  const since = (await noted.read(directory))?.since;
  return since === undefined ? undefined : new Date(since);
}
