import { BackupError, isUnreadable, unlessAway } from "./backup-error.ts";
import { expendableFiles, keptFiles } from "../files/kept-files.ts";
import { readCatalog, type Catalog } from "./catalog.ts";
import { noteTried } from "./damage.ts";
import { readThrough } from "./keep-copy.ts";
import { keyringOf, readKeys, type Keyring } from "./keyring.ts";
import type { BackupLocation } from "./location.ts";
import { baseNotes } from "./line-notes.ts";
import { listLabels, partPath } from "./manifest.ts";
import { readingWords, readSome, type ReadingStanding } from "./readings.ts";
import type { BuiltIn } from "./built-in.ts";
import { expendable, nextStep } from "./retention.ts";
import { keepNotes, readNotes } from "./run-notes.ts";
import { loadFile } from "./store-file.ts";
import { windowOf } from "./window.ts";
import { withCopy } from "./with-copy.ts";

/**
 * Reads the next part of everything that is kept, in both locations, with the keys on the disk, not with those the program
 * has held since its start: a lost key shows today, not at the restore. What does not open stays a failure until it does,
 * or is purged. Throws BackupError with its reason.
 */
export async function checkBackups(backups: BuiltIn, now: Date): Promise<string> {
  const { location, copy, directory } = backups;
  try {
    const keyring = await keysOnDisk(backups);
    const catalog = await readCatalog(location, keyring);
    const again = await checkAgain({ ...backups, keyring }, catalog);
    if (catalog.broken[0] !== undefined) throw new BackupError("damaged", catalog.broken[0].reason);
    if (catalog.bases.length === 0)
      throw new BackupError("missing", "There is no base backup yet. Make one: strongroom backup now.");
    const reading = { ...backups, keyring, now };
    const { read, standing } = await readSome(location, reading);
    await noteDamaged(backups, catalog, standing);
    const copied = copy && (await unlessAway(() => readSome(copy, reading)));
    if (again !== undefined) throw again;
    mustOpen(standing, "");
    if (copied !== undefined) mustOpen(copied.standing, `In the copy at ${copy?.name}: `);
    const inCopy =
      copy === undefined
        ? ""
        : `; in the copy ${copied === undefined ? "none, it is away" : readingWords(copied.standing)}`;
    const words = `Read ${read} files; in all ${readingWords(standing)}${inCopy}.`;
    await keepNotes(directory, { check: { at: now.toISOString(), ok: true, words } });
    return words;
  } catch (error) {
    await keepNotes(directory, {
      check: { at: now.toISOString(), ok: false, words: (error as Error).message },
    });
    throw error;
  }
}

function mustOpen({ failed }: ReadingStanding, where: string): void {
  if (failed.length > 0)
    throw new BackupError(
      "damaged",
      `${where}${failed.slice(0, 3).join(" ")}${failed.length > 3 ? ` And ${failed.length - 3} more.` : ""}`,
    );
}

/** A base backup of which a file does not open is none: another is made, and it is told of by its name. */
async function noteDamaged(backups: BuiltIn, { bases }: Catalog, { failed }: ReadingStanding): Promise<void> {
  for (const base of bases) {
    const reason = failed.find((each) => each.includes(` base/${base.label}/`));
    if (reason !== undefined) await noteTried(backups, base.label, reason);
  }
}

async function keysOnDisk({ directory, keyring }: BuiltIn): Promise<Keyring> {
  const keys = await readKeys(directory);
  const lost = keyring.all.find(({ id }) => !keys.some((key) => key.id === id));
  if (lost !== undefined)
    throw new BackupError(
      "key_missing",
      `Backup key ${lost.id} is gone from the data folder. Bring it back from the recovery sheet: strongroom backup key SHEET.`,
    );
  return keyringOf(keys);
}

/** Opens once more what did not open before: it stays a problem until it does, or is purged. Returns the first. */
async function checkAgain(backups: BuiltIn, { bases }: Catalog): Promise<BackupError | undefined> {
  const { location, keyring, directory } = backups;
  const { damaged = {} } = await readNotes(directory);
  let first: BackupError | undefined;
  for (const label of Object.keys(damaged)) {
    const base = bases.find((each) => each.label === label);
    try {
      for (const { name } of base?.parts ?? [])
        await readThrough(loadFile(location, keyring, partPath(label, name)));
      await noteTried(backups, label);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      await noteTried(backups, label, error.message);
      first ??= error;
    }
  }
  return first;
}

/**
 * Removes what the window no longer needs, from both locations, a day after it was first seen to be so. Returns what was
 * done, in words.
 */
export async function purgeBackups(backups: BuiltIn, now: Date): Promise<string> {
  const { location, copy, keyring, directory, keepDays } = backups;
  const both = withCopy(location, copy);
  // Before anything is looked at that may be another server's.
  await location.mustHold?.();
  const catalog = await readCatalog(both, keyring);
  const { cutOff } = await listLabels(both);
  const leftovers = [
    ...[...catalog.abandoned, ...catalog.broken].map(({ label }) => label),
    // The one that is being made is younger than all that may go.
    ...cutOff,
  ];
  const may = expendable({ ...catalog, leftovers }, keepDays, now);
  // What no moment that can be restored needs; the base backups that are going are counted in.
  const { earliest } = windowOf(catalog);
  if (earliest !== undefined) may.paths.push(...expendableFiles(await keptFiles(both), earliest));
  const { retention = {} } = await readNotes(directory);
  const step = nextStep(retention, may, now);
  const clear = async (from: BackupLocation) => {
    if (step.do === "purge") {
      await removeAll(from, step);
      await forgetBases(directory, from, step.labels);
    }
    await from.clean();
  };
  // The copy last: what was removed here is not copied again, nor called lost. What it still has goes another day.
  await clear(location);
  if (copy !== undefined) await unlessAway(() => clear(copy));
  const words =
    step.do === "refuse"
      ? step.why
      : step.do === "purge"
        ? `Removed ${step.labels.length} base backups and ${step.paths.length} files of the log and of tenants.`
        : "Nothing to remove.";
  await keepNotes(directory, {
    retention: step.state,
    purge: { at: now.toISOString(), ok: step.do !== "refuse", words },
  });
  return words;
}

/** What was removed on purpose is not missed. */
async function forgetBases(
  directory: string,
  { identity }: BackupLocation,
  labels: readonly string[],
): Promise<void> {
  const noted = await baseNotes.read(directory, identity);
  if (noted === undefined) return;
  await baseNotes.keep(directory, identity, {
    ...noted,
    made: noted.made.filter((each) => !labels.includes(each)),
  });
}

async function removeAll(
  location: BackupLocation,
  { labels, paths }: { labels: readonly string[]; paths: readonly string[] },
): Promise<void> {
  for (const label of labels) {
    // Without its manifest it is no backup any more, so a half-removed one is never taken for a whole one.
    await location.remove(`base/${label}/manifest`);
    await location.remove(`base/${label}`);
  }
  for (const path of paths) await location.remove(path);
}
