import { BackupError } from "./backup-error.ts";
import { expendableFiles, keptFiles } from "../files/kept-files.ts";
import { readCatalog, type Catalog } from "./catalog.ts";
import { copiedFolders } from "./copy-difference.ts";
import { readThrough } from "./keep-copy.ts";
import { keyringOf, readKeys, type Keyring } from "./keyring.ts";
import type { BackupLocation } from "./location.ts";
import { partPath } from "./manifest.ts";
import type { BuiltIn } from "./built-in.ts";
import { expendable, nextStep } from "./retention.ts";
import { keepNotes, noteOpened, readNotes } from "./run-notes.ts";
import { loadFile } from "./store-file.ts";
import { windowOf } from "./window.ts";
import { withCopy } from "./with-copy.ts";

/**
 * Opens the newest base backup's files and some of the log with the keys on the disk, not with those the program has
 * held since its start: a lost key shows today, not at the restore.
 */
export async function checkBackups(backups: BuiltIn, random: () => number, now: Date): Promise<string> {
  const { location, copy, directory } = backups;
  try {
    const keyring = await keysOnDisk(backups);
    const catalog = await readCatalog(location, keyring);
    await checkAgain({ ...backups, keyring }, catalog);
    if (catalog.broken[0] !== undefined) throw new BackupError("damaged", catalog.broken[0].reason);
    const newest = catalog.bases.at(-1);
    if (newest === undefined)
      throw new BackupError("missing", "There is no base backup yet. Make one: strongroom backup now.");
    const part = newest.parts[Math.floor(random() * newest.parts.length)]!;
    const segment = catalog.segments[Math.floor(random() * catalog.segments.length)];
    const files = (await keptFiles(location)).map(({ path }) => path);
    const file = files[Math.floor(random() * files.length)];
    const names = [
      partPath(newest.label, "server"),
      partPath(newest.label, part.name),
      ...(segment ? [segment.path] : []),
      ...(file === undefined ? [] : [file]),
    ];
    for (const name of names) await readThrough(loadFile(location, keyring, name));
    const inCopy = copy === undefined ? "" : `; in the copy ${await openCopied(copy, keyring, names)}`;
    const words = `Opened ${names.join(", ")}${inCopy}.`;
    await keepNotes(directory, { check: { at: now.toISOString(), ok: true, words } });
    return words;
  } catch (error) {
    await keepNotes(directory, {
      check: { at: now.toISOString(), ok: false, words: (error as Error).message },
    });
    throw error;
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

/** Opens once more what did not open before: it stays a problem until it does, or is purged. */
async function checkAgain({ location, keyring, directory }: BuiltIn, { bases }: Catalog): Promise<void> {
  const { damaged = {} } = await readNotes(directory);
  for (const label of Object.keys(damaged)) {
    const base = bases.find((each) => each.label === label);
    for (const { name } of base?.parts ?? [])
      await readThrough(loadFile(location, keyring, partPath(label, name)));
    await noteOpened(directory, label);
  }
}

/** Opens those of the files that were copied already, and tells which. */
async function openCopied(copy: BackupLocation, keyring: Keyring, names: readonly string[]): Promise<string> {
  const listed = await unlessAway(() => Promise.all(copiedFolders.map((folder) => copy.list(folder))));
  if (listed === undefined) return "none, it is away";
  const there = new Set(listed.flat().map(({ name }) => name));
  const copied = names.filter((name) => there.has(name));
  for (const name of copied)
    await readThrough(loadFile(copy, keyring, name)).catch((error: unknown) => {
      if (!(error instanceof BackupError)) throw error;
      throw new BackupError(error.code, `In the copy at ${copy.name}: ${error.message}`, { cause: error });
    });
  return copied.join(", ") || "none of them yet";
}

/** A copy that is away is a problem of its own, and keeps nothing from being done to the backups. */
async function unlessAway<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof BackupError && ["location_away", "access_denied"].includes(error.code))
      return undefined;
    throw error;
  }
}

/**
 * Removes what the window no longer needs, from both locations, a day after it was first seen to be so. Returns what was
 * done, in words.
 */
export async function purgeBackups(backups: BuiltIn, now: Date): Promise<string> {
  const { location, copy, keyring, directory, keepDays } = backups;
  const both = withCopy(location, copy);
  const catalog = await readCatalog(both, keyring);
  const may = expendable(catalog, keepDays, now);
  // What no moment that can be restored needs; the base backups that are going are counted in.
  const { earliest } = windowOf(catalog);
  if (earliest !== undefined) may.paths.push(...expendableFiles(await keptFiles(both), earliest));
  const { retention = {} } = await readNotes(directory);
  const step = nextStep(retention, may, now);
  const clear = async (from: BackupLocation) => {
    if (step.do === "purge") await removeAll(from, step);
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
