import type { BackupStatus, HostHealth } from "#hosting/index.ts";
import { inMegabytes } from "./recovery-words.ts";

/** How the host stands, and what to put right. */
export function statusWords({ database, rooms, backups, problems }: HostHealth): string {
  const full = rooms.data.fullInHours;
  return [
    ...(database === undefined ? ["Database     does not answer"] : databaseLines(database)),
    `Data disk    ${inMegabytes(rooms.data.freeBytes)} free of ${inMegabytes(rooms.data.sizeBytes)}${full === undefined ? "" : `, full in ${Math.floor(full)} hours at this pace`}`,
    ...(backups === undefined ? [withoutBackups(problems)] : backupLines(backups)),
    ...problemLines(problems),
  ].join("\n");
}

const untold = new Set<string>(["location_away", "no_backups", "not_told"]);

/** Backups that cannot be told of now are there all the same. */
const withoutBackups = (problems: HostHealth["problems"]): string =>
  problems.some(({ code }) => untold.has(code))
    ? "Backups      cannot be told of now, see below"
    : "Backups      none: start with STRONGROOM_BACKUP set to a folder on another disk, or with your stanza of pgBackRest";

/** The backups alone. */
export const backupWords = (backups: BackupStatus): string =>
  [...backupLines(backups), ...problemLines(backups.problems)].join("\n");

function databaseLines({
  tenants,
  connections,
  jobs,
  drills,
  controls,
}: NonNullable<HostHealth["database"]>): string[] {
  const oldest = drills.oldest === undefined ? "" : `, the longest ago at ${drills.oldest}`;
  return [
    `Tenants      ${tenants.active} active, ${tenants.suspended} suspended`,
    `Database     ${connections.used} of ${connections.max} connections taken`,
    `Jobs         ${jobs.waiting} waiting, ${jobs.running} running, ${jobs.failed} failed`,
    `Drills       ${drills.drilled} of ${drills.tenants} tenants proved restorable${oldest}; ${drills.failed.length} failed, ${drills.overdue.length} overdue`,
    `Controls     ${controls.kept} kept when last checked${controls.broken.length === 0 ? "" : `, not kept: ${controls.broken.join(", ")}`}`,
  ];
}

function backupLines(backups: BackupStatus): string[] {
  const { window, shipping, bases, rooms, schedule } = backups;
  const age = window.latestAgeSeconds === undefined ? "" : ` (${Math.round(window.latestAgeSeconds)} s ago)`;
  const waiting =
    shipping.waitingFiles === 0
      ? "all shipped"
      : `${shipping.waitingFiles} files wait since ${shipping.waitingSince}`;
  const files = backups.hours.reduce((sum, each) => sum + each.files, 0);
  const bytes = backups.hours.reduce((sum, each) => sum + each.bytes, 0);
  const stored = rooms?.backups;
  const full = stored?.fullInHours;
  return [
    `Backups      ${backups.location} (${backups.separate ? "separate" : "not separate"})${backups.keyId === undefined ? "" : `, key ${backups.keyId}`}, kept ${backups.keepDays} days, schedule ${schedule.runs ? "runs" : "does not run"}`,
    ...copyLines(backups),
    ...repositoryLines(backups),
    `Window       ${window.earliest ?? "nothing yet"} to ${window.latest ?? "nothing yet"}${age}`,
    `Base backups ${bases.length}, newest ${bases.at(-1)?.stoppedAt ?? "none"}`,
    `Log          ${waiting}; last 24 hours ${files} files, ${inMegabytes(bytes)}`,
    ...readingLines(backups),
    `Stored       ${inMegabytes(backups.storedBytes)}${stored === undefined ? "" : `, ${inMegabytes(stored.freeBytes)} free`}${full === undefined ? "" : `, full in ${Math.floor(full)} hours at this pace`}`,
  ];
}

/** What was read, and what of it: nothing is said of the rest. */
function readingLines({ readings, keepDays }: BackupStatus): string[] {
  if (readings === undefined) return [];
  const { files, bytes, read, oldest, failed } = readings;
  const since = oldest === undefined ? "" : `, the longest ago at ${oldest}`;
  const damaged = failed.length === 0 ? "" : `; ${failed.length} do not open`;
  return [
    `Read         ${read} of ${files} files (${inMegabytes(bytes)} in all) in the last ${keepDays} days${since}${damaged}`,
  ];
}

function copyLines({ copy }: BackupStatus): string[] {
  if (copy === undefined) return [];
  const { location, separate, away, waiting } = copy;
  const behind =
    waiting.files === 0
      ? "all copied"
      : `${waiting.files} files, ${inMegabytes(waiting.bytes)} wait since ${waiting.since}`;
  return [
    `Copy         ${location} (${separate ? "separate" : "not separate"}), ${away === undefined ? behind : "away"}`,
  ];
}

function repositoryLines({ repositories = [], increments }: BackupStatus): string[] {
  const lines = repositories.map(
    ({ key, place, separate, encrypted, failure, newestFull, newestIncrement }) => {
      const holds = `full ${newestFull ?? "none"}, newest ${newestIncrement ?? "none"}`;
      const kind = `${separate ? "separate" : "not separate"}, ${encrypted ? "encrypted" : "not encrypted"}`;
      return `Repository ${key} ${place} (${kind}), ${failure ?? holds}`;
    },
  );
  return increments === undefined ? [] : [...lines, `Increments   newest ${increments.newest ?? "none"}`];
}

const problemLines = (problems: HostHealth["problems"]): string[] =>
  problems.length === 0
    ? ["All is well."]
    : ["To be put right:", ...problems.map(({ words }) => `  ! ${words}`)];
