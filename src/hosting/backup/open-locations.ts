import { mkdir } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { BackupError } from "./backup-error.ts";
import { areApart, diskOf, memory } from "./disk-of.ts";
import { isKnown, keepKnown, readKnown, type Known } from "./known-place.ts";
import type { BackupLocation, BackupPlace } from "./location.ts";
import { openPlace } from "./open-place.ts";
import { isS3 } from "./s3-settings.ts";
import { mustBeSecond } from "./second-place.ts";

export type Locations = { location: BackupLocation; copy: BackupLocation | undefined; wereKnown: boolean };

/**
 * Opens the place STRONGROOM_BACKUP names, else the one this data folder knows, and the same for its copy; undefined
 * when there is none. Makes locations of empty places. Throws BackupError.
 */
export async function openLocations(
  directory: string,
  environment: NodeJS.ProcessEnv,
): Promise<Locations | undefined> {
  const known = await readKnown(directory);
  const { STRONGROOM_BACKUP: named, STRONGROOM_BACKUP_COPY: namedCopy } = environment;
  const first = await placeOf(directory, named, known.first, environment);
  if (first === undefined) return undefined;
  // Whoever names the backups names their copy too.
  const ofCopy = named ? undefined : known.copy;
  const copy = await placeOf(directory, namedCopy, ofCopy, copyEnvironment(environment));
  await mkdir(directory, { recursive: true });
  const accepted = environment.STRONGROOM_BACKUP_SAME_DISK === "accept";
  const isNew = !isKnown(known.first, first);
  if (isNew && !accepted) await mustBeSeparate(directory, first);
  if (copy !== undefined && (isNew || !isKnown(known.copy, copy))) await mustBeSecond(first, copy, accepted);
  return {
    location: await openKnown(directory, "first", known, first),
    copy: copy && (await openKnown(directory, "copy", known, copy)),
    wereKnown: known.first !== undefined,
  };
}

const copied = [
  "STRONGROOM_S3_ENDPOINT",
  "STRONGROOM_S3_REGION",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
];

/** The settings of the copy where they differ have COPY_ in front: COPY_AWS_ACCESS_KEY_ID. */
export const copyEnvironment = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  ...environment,
  ...Object.fromEntries(copied.map((name) => [name, environment[`COPY_${name}`] ?? environment[name]])),
});

async function placeOf(
  directory: string,
  named: string | undefined,
  known: Known["first"],
  environment: NodeJS.ProcessEnv,
): Promise<BackupPlace | undefined> {
  const name = named || known?.place;
  if (name === undefined) return undefined;
  const place = await openPlace(name, named ? environment : { ...environment, ...known?.settings });
  if (`${place.name}${sep}`.startsWith(`${resolve(directory)}${sep}`))
    throw new BackupError(
      "same_disk",
      `${place.name} lies inside the data folder. Backups belong on another disk.`,
    );
  return place;
}

async function openKnown(
  directory: string,
  which: keyof Known,
  known: Known,
  place: BackupPlace,
): Promise<BackupLocation> {
  const before = known[which];
  if (isKnown(before, place)) return place.open(before.identity);
  const identity = await place.initialise();
  await keepKnown(directory, which, place, identity);
  return place.open(identity);
}

async function mustBeSeparate(directory: string, place: BackupPlace): Promise<void> {
  const { name } = place;
  const ground = await place.ground();
  if (areApart(await diskOf(directory), ground)) return;
  if (ground === memory)
    throw new BackupError(
      "same_disk",
      `${name} is memory of this machine, and gone when it stops. Choose a disk, or set STRONGROOM_BACKUP_SAME_DISK=accept for a trial.`,
    );
  const why = isS3(name)
    ? `${name} is storage on this very machine, and nobody can see on which disk: if it is the disk of ${directory}, one broken disk takes both. Choose storage on another machine`
    : `${name} is on the same disk as ${directory}: one broken disk would take both. Choose another disk`;
  throw new BackupError("same_disk", `${why}, or set STRONGROOM_BACKUP_SAME_DISK=accept for a trial.`);
}
