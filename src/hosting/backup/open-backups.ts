import { fileStoresOf } from "../files/file-store.ts";
import { within } from "../health/within.ts";
import type { Backups } from "./backups.ts";
import { builtInBackups, type BuiltIn, type BuiltInBackups } from "./built-in.ts";
import { areApart, diskOf } from "./disk-of.ts";
import { keyringOf, keyMissing, makeKey, readKeys, type Keyring } from "./keyring.ts";
import { keepDaysFrom } from "./keep-days.ts";
import { openLocations } from "./open-locations.ts";
import { openHostBackups } from "./pgbackrest/open.ts";
import { owned } from "./ownership.ts";
import { writeSheet } from "./recovery-sheet.ts";

const groundSeconds = 2;

/** The backups this host is configured for; undefined when there are none. Throws BackupError. */
export async function openBackups(
  directory: string,
  environment: NodeJS.ProcessEnv,
  now: Date,
): Promise<Backups | undefined> {
  if (environment.DATABASE_URL) return openHostBackups(directory, environment, now);
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
  const keepDays = keepDaysFrom(environment);
  const locations = await openLocations(directory, environment);
  if (locations === undefined) return undefined;
  const { wereKnown } = locations;
  const { keyring, made } = await keysFor(directory, wereKnown, now);
  const ours = { directory, keyring };
  const location = owned(locations.location, ours);
  const copy = locations.copy && owned(locations.copy, { ...ours, copyOf: location });
  // A known location that is away or hangs keeps nobody from starting.
  const ground = await within(groundSeconds, location.ground()).catch(() => undefined);
  const separate = areApart(await diskOf(directory), ground);
  const newSheet = made
    ? await writeSheet(directory, keyring.all, whereTheyLie({ location, copy }))
    : undefined;
  return builtInBackups({
    directory,
    location,
    ...(copy === undefined ? {} : { copy }),
    keyring,
    separate,
    keepDays,
    stores: fileStoresOf(directory),
    ...(newSheet === undefined ? {} : { newSheet }),
  });
}

/** For the recovery sheet. */
export const whereTheyLie = ({
  location,
  copy,
}: Pick<BuiltIn, "location"> & { copy?: BuiltIn["copy"] | undefined }): string =>
  `${location.description}${copy === undefined ? "" : `, copied to ${copy.description}`}`;

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
