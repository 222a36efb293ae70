import { mkdir } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { BackupError } from "./backup-error.ts";
import type { Backups } from "./backups.ts";
import { builtInBackups, type BuiltInBackups } from "./built-in.ts";
import { keyringOf, keyMissing, makeKey, readKeys, type Keyring } from "./keyring.ts";
import { isKnown, keepKnown, readKnown } from "./known-place.ts";
import type { BackupPlace } from "./location.ts";
import { openPlace } from "./open-place.ts";
import { writeSheet } from "./recovery-sheet.ts";
import { isS3 } from "./s3-settings.ts";

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
  const name = environment.STRONGROOM_BACKUP || known?.place;
  if (name === undefined) return undefined;
  const keepDays = keepDaysFrom(environment);
  const place = await openPlace(name, {
    ...(environment.STRONGROOM_BACKUP ? {} : known?.settings),
    ...environment,
  });
  if (`${place.name}${sep}`.startsWith(`${resolve(directory)}${sep}`))
    throw new BackupError(
      "same_disk",
      `${place.name} lies inside the data folder. Backups belong on another disk.`,
    );
  await mkdir(directory, { recursive: true });
  const identity =
    known !== undefined && isKnown(known, place)
      ? known.identity
      : await begin(directory, place, environment);
  const location = place.open(identity);
  const separate = await location.isSeparateFrom(directory);
  const { keyring, made } = await keysFor(directory, known !== undefined, now);
  const newSheet = made ? await writeSheet(directory, keyring.all, location.description) : undefined;
  return builtInBackups({
    directory,
    location,
    keyring,
    separate,
    keepDays,
    ...(newSheet === undefined ? {} : { newSheet }),
  });
}

async function begin(directory: string, place: BackupPlace, environment: NodeJS.ProcessEnv): Promise<string> {
  const accepts = environment.STRONGROOM_BACKUP_SAME_DISK === "accept";
  if (!accepts && !(await place.isSeparateFrom(directory))) throw sameDisk(directory, place);
  const identity = await place.initialise();
  await keepKnown(directory, place, identity);
  return identity;
}

function sameDisk(directory: string, { name }: BackupPlace): BackupError {
  const why = isS3(name)
    ? `${name} is storage on this very machine, and nobody can see on which disk: if it is the disk of ${directory}, one broken disk takes both. Choose storage on another machine`
    : `${name} is on the same disk as ${directory}: one broken disk would take both. Choose another disk`;
  return new BackupError("same_disk", `${why}, or set STRONGROOM_BACKUP_SAME_DISK=accept for a trial.`);
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

const keepDaysLeast = 14;

function keepDaysFrom(environment: NodeJS.ProcessEnv): number {
  const wanted = Number(environment.STRONGROOM_BACKUP_DAYS ?? keepDaysLeast);
  // The papers promise fourteen days: a host may keep more, not fewer.
  return Number.isInteger(wanted) && wanted > keepDaysLeast ? wanted : keepDaysLeast;
}
