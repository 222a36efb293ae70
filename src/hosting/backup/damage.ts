import { unlessAway } from "./backup-error.ts";
import type { BackupLocation, Listed } from "./location.ts";
import { shortDigest } from "./log-chain.ts";
import { noteOpened, readNotes } from "./run-notes.ts";

type Place = { directory: string; location: BackupLocation };

/**
 * Notes that a base backup opened or, with a reason, that it did not as its files are now. Of a location that is away
 * nothing is noted: that is a problem of its own, and it has lost nothing.
 */
export async function noteTried(
  { directory, location }: Place,
  label: string,
  reason?: string,
): Promise<void> {
  if (reason === undefined) return noteOpened(directory, label);
  const files = await unlessAway(() => location.list(`base/${label}`));
  if (files !== undefined) await noteOpened(directory, label, { reason, files: seenAs(files) });
}

/**
 * Of the base backups that did not open those whose files are what they were then, by label, with the reason. Whoever
 * puts a file right is not told the old; `repaired` are to be tried again, as only that shows whether they open.
 */
export async function knownDamage({
  directory,
  location,
}: Place): Promise<{ damaged: Record<string, string>; repaired: string[] }> {
  const { damaged = {} } = await readNotes(directory);
  const files = Object.keys(damaged).length === 0 ? [] : await location.list("base");
  const still: Record<string, string> = {};
  const repaired: string[] = [];
  for (const [label, { reason, files: then }] of Object.entries(damaged)) {
    const now = files.filter(({ name }) => name.startsWith(`base/${label}/`));
    if (then === undefined || then === seenAs(now)) still[label] = reason;
    else repaired.push(label);
  }
  return { damaged: still, repaired };
}

const seenAs = (files: readonly Listed[]): string =>
  shortDigest(...files.map(({ name, bytes, at }) => `${name} ${bytes} ${at.getTime()}`).sort());
