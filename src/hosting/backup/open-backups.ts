import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { BackupError } from "./backup-error.ts";
import type { Backups } from "./backups.ts";
import { builtInBackups, type BuiltInBackups } from "./built-in.ts";
import { areSeparate, isSeparate } from "./disk-of.ts";
import { keyringOf, keyMissing, makeKey, readKeys, type Keyring } from "./keyring.ts";
import { initialiseLocation, openLocation } from "./location.ts";
import { writeSheet } from "./recovery-sheet.ts";

type Known = { folder: string; identity: string };

const settingsPath = (directory: string): string => join(directory, "backup", "settings.json");

/** The backups this host is configured for; undefined when there are none. Throws BackupError. */
export async function openBackups(
  directory: string,
  environment: NodeJS.ProcessEnv,
  now: Date,
): Promise<Backups | undefined> {
  // A server of the host's own is not the built-in backups' to copy.
  if (environment.DATABASE_URL) return undefined;
  return openBuiltIn(directory, environment, now);
}

/**
 * Opens the built-in backups named by STRONGROOM_BACKUP, else those this data folder knows; undefined when there are none.
 * Makes the location and the first key. Throws BackupError.
 */
export async function openBuiltIn(
  directory: string,
  environment: NodeJS.ProcessEnv,
  now: Date,
): Promise<BuiltInBackups | undefined> {
  const known = await readKnown(directory);
  const folder = environment.STRONGROOM_BACKUP ? resolve(environment.STRONGROOM_BACKUP) : known?.folder;
  if (folder === undefined) return undefined;
  const keepDays = keepDaysFrom(environment);
  if (`${folder}${sep}`.startsWith(`${resolve(directory)}${sep}`))
    throw new BackupError(
      "same_disk",
      `${folder} lies inside the data folder. Backups belong on another disk.`,
    );
  await mkdir(directory, { recursive: true });
  const identity = known?.folder === folder ? known.identity : await begin(directory, folder, environment);
  const separate = await isSeparate(directory, folder);
  const { keyring, made } = await keysFor(directory, known !== undefined, now);
  const newSheet = made ? await writeSheet(directory, keyring.all, folder) : undefined;
  const location = openLocation(folder, identity);
  return builtInBackups({
    directory,
    location,
    keyring,
    separate,
    keepDays,
    ...(newSheet === undefined ? {} : { newSheet }),
  });
}

async function begin(directory: string, folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!areSeparate(directory, folder) && environment.STRONGROOM_BACKUP_SAME_DISK !== "accept")
    throw new BackupError(
      "same_disk",
      `${folder} is on the same disk as ${directory}: one broken disk would take both. Choose another disk, or set STRONGROOM_BACKUP_SAME_DISK=accept for a trial.`,
    );
  const identity = await initialiseLocation(folder);
  await keep(directory, { folder, identity });
  return identity;
}

async function keysFor(
  directory: string,
  hadKeys: boolean,
  now: Date,
): Promise<{ keyring: Keyring; made: boolean }> {
  const keys = await readKeys(directory);
  if (keys.length > 0) return { keyring: keyringOf(keys), made: false };
  // A new key in place of a lost one would hide that the older backups cannot be opened any more.
  if (hadKeys) throw keyMissing();
  return { keyring: keyringOf([await makeKey(directory, now)]), made: true };
}

/** What a recovered server writes down, so that it goes on where the lost one ended. */
export async function keep(directory: string, known: Known): Promise<void> {
  await mkdir(join(directory, "backup"), { recursive: true, mode: 0o700 });
  const path = settingsPath(directory);
  await writeFile(`${path}.new`, JSON.stringify(known), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function readKnown(directory: string): Promise<Known | undefined> {
  const text = await readFile(settingsPath(directory), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Known);
}

const keepDaysLeast = 14;

function keepDaysFrom(environment: NodeJS.ProcessEnv): number {
  const wanted = Number(environment.STRONGROOM_BACKUP_DAYS ?? keepDaysLeast);
  // The papers promise fourteen days: a host may keep more, not fewer.
  return Number.isInteger(wanted) && wanted > keepDaysLeast ? wanted : keepDaysLeast;
}
