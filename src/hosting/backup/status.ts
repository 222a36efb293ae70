import { archives } from "#platform/postgres/index.ts";
import { basesMade } from "./base-backup.ts";
import type { BuiltIn } from "./built-in.ts";
import { copyProblems } from "./copy-problems.ts";
import { copyStanding, type CopyStanding } from "./copy-standing.ts";
import { knownDamage } from "./damage.ts";
import { areApart, diskOf } from "./disk-of.ts";
import { readCatalog, type Catalog } from "./catalog.ts";
import type { ArchivedSegment } from "./log-files.ts";
import { stampedAt } from "./keyring.ts";
import { logStanding, type LogStanding } from "./log-standing.ts";
import { manifestPath, partPath, pathsOf } from "./manifest.ts";
import { openGap } from "./open-gap.ts";
import { problemsOf, problemsWhileAway, type Problem } from "./problems.ts";
import { readingStanding, type ReadingStanding } from "./readings.ts";
import { roomOf, type Room } from "./room.ts";
import { readNotes, type RunNotes } from "./run-notes.ts";
import { scheduleOf, type ScheduleStanding } from "./schedule-note.ts";
import { failureOf, shippingOf, type Shipping } from "./shipping-notes.ts";
import { clockSetBack, windowOf, type Reaching, type Span } from "./window.ts";

/** Everything a host or a control needs to know about the backups; times ISO 8601 in UTC. */
export type BackupStatus = {
  location: string;
  separate: boolean;
  /** Absent when there is no second location. */
  copy?: CopyStanding;
  /** The server hands its log over, and the program's schedule looks after the rest. */
  archiving: boolean;
  /** Where archiving is the host's own to set up: why it does not. */
  notArchiving?: string | undefined;
  schedule: ScheduleStanding;
  /** When the first of all backups was made or asked for; undefined when nobody knows. */
  since: string | undefined;
  /** Of the key that encrypts the built-in backups. */
  keyId?: string;
  keepDays: number;
  bases: { label: string; stoppedAt: string; storedBytes: number; restorable: boolean }[];
  /** Where there are increments beside the log: when the newest of them, or of the full ones, ended. */
  increments?: { newest: string | undefined };
  /** Where the host keeps repositories of his own. */
  repositories?: RepositoryStatus[];
  /** Base backups that do not open or lack a file, with the reason. */
  broken: { label: string; reason: string }[];
  /** How the log there compares with what was shipped; of the built-in backups. */
  log?: LogStanding;
  /** What was read of the location, and when; of the built-in backups. */
  readings?: ReadingStanding;
  /** What can be restored; `latestAgeSeconds` is what would be lost now. */
  window: {
    earliest?: string;
    latest?: string;
    latestAgeSeconds?: number;
    gaps: { from: string; to: string }[];
  };
  /** Where the archive shows it: when the clock was set back, from when to when. */
  clockSetBack?: { from: string; to: string }[];
  shipping: Shipping;
  /** Why uploaded files are not brought to the backups. */
  files: Pick<Shipping, "failure" | "failingSince">;
  /** Log shipped in each of the last 24 hours. */
  hours: { hour: string; files: number; bytes: number }[];
  storedBytes: number;
  /** `backups` is absent where the storage does not say. */
  rooms: { data: Room; backups?: Room } | undefined;
  runs: Pick<RunNotes, "base" | "increment" | "check" | "purge" | "drill">;
  problems: Problem[];
};

export type RepositoryStatus = {
  key: number;
  place: string;
  separate: boolean;
  encrypted: boolean;
  failure?: string;
  newestFull?: string;
  newestIncrement?: string;
  /** Since when it lacks log that another one has. */
  behindSince?: string;
};

const hourMilliseconds = 3_600_000;

/**
 * Reads the location anew, and tells of it by itself: what the copy makes up for is to be put right too. When it is
 * away, that is the status.
 */
export async function backupStatus(backups: BuiltIn, now: Date): Promise<BackupStatus> {
  const { directory, location, copy, keyring, keepDays } = backups;
  const notes = await readNotes(directory);
  const shipping = await shippingOf(directory);
  let away: Problem | undefined;
  const read = <Value>(work: Promise<Value>): Promise<Value | undefined> =>
    work.catch((error: Error) => {
      away = { code: "location_away", words: error.message };
      return undefined;
    });
  const catalog = (await read(readCatalog(location, keyring))) ?? nothing;
  const seen = away === undefined;
  const log = (seen && (await read(logStanding(location, directory, catalog)))) || {};
  const readings = seen ? await read(readingStanding(location, { directory, keepDays, now })) : undefined;
  const rooms = await read(roomOf(backups, now));
  const lacking = (await read(lackingFiles(backups, catalog))) ?? [];
  const status = {
    location: location.name,
    separate: areApart(await diskOf(directory), await read(location.ground())),
    ...(copy === undefined ? {} : { copy: await copyStanding({ location, copy }, now) }),
    archiving: archives(directory),
    schedule: await scheduleOf(directory, now),
    // The first key was made when the first backup was.
    since: keyring.all[0] && stampedAt(keyring.all[0].madeAt),
    keyId: keyring.current.id,
    keepDays,
    bases: catalog.bases.map(({ label, stoppedAt, storedBytes, reach }) => ({
      label,
      stoppedAt,
      storedBytes,
      restorable: reach !== undefined && !lacking.some((each) => each.label === label),
    })),
    broken: [...catalog.broken, ...lacking],
    log,
    ...(readings === undefined ? {} : { readings }),
    window: windowStatus(catalog, await openGap(directory, catalog), now),
    clockSetBack: clockSetBack(catalog).map(asText),
    shipping,
    files: await failureOf(directory, "files"),
    hours: hourly(catalog.segments, now),
    storedBytes: [
      ...catalog.bases.map((base) => base.storedBytes),
      ...catalog.segments.map(({ bytes }) => bytes),
    ].reduce((sum, bytes) => sum + bytes, 0),
    rooms,
    runs: { ...notes },
  };
  const problems =
    away === undefined
      ? problemsOf(status, now)
      : [away, ...problemsWhileAway(status, now), ...copyProblems(status.copy)];
  return { ...status, problems };
}

const nothing: Catalog = { bases: [], abandoned: [], broken: [], segments: [], cut: [], timelines: [] };

/** Base backups that are gone, lack a file, hold one of another size than was stored, or did not open when last tried. */
async function lackingFiles(
  backups: BuiltIn,
  { bases }: Pick<Catalog, "bases">,
): Promise<BackupStatus["broken"]> {
  const { location } = backups;
  const sizes = new Map((await location.list("base")).map(({ name, bytes }) => [name, bytes]));
  const { made, begun } = await basesMade(backups);
  const { damaged } = await knownDamage(backups);
  const gone = made.filter((label) => label !== begun && !sizes.has(manifestPath(label)));
  return [
    ...gone.map((label) => ({
      label,
      reason: `${manifestPath(label)} is missing: nothing can be restored from that base backup. Bring it back from a copy of the backups.`,
    })),
    ...bases.flatMap((base) => {
      const { label, parts } = base;
      const stored = new Map(parts.map(({ name, storedBytes }) => [partPath(label, name), storedBytes]));
      const path = pathsOf(base).find(
        (each) => !sizes.has(each) || (stored.get(each) ?? sizes.get(each)) !== sizes.get(each),
      );
      const known = damaged[label];
      if (path === undefined) return known === undefined ? [] : [{ label, reason: known }];
      return [{ label, reason: `${path} is ${sizes.has(path) ? "damaged: its size changed" : "missing"}.` }];
    }),
  ];
}

export function windowStatus(
  catalog: { bases: readonly Reaching[] },
  stranded: Span | undefined,
  now: Date,
): BackupStatus["window"] {
  const { earliest, latest, gaps } = windowOf(catalog);
  return {
    ...(earliest === undefined ? {} : { earliest: earliest.toISOString() }),
    ...(latest === undefined
      ? {}
      : { latest: latest.toISOString(), latestAgeSeconds: (now.getTime() - latest.getTime()) / 1000 }),
    gaps: [...gaps, ...(stranded === undefined ? [] : [stranded])].map(asText),
  };
}

const asText = ({ from, to }: Span) => ({ from: from.toISOString(), to: to.toISOString() });

export function hourly(segments: ArchivedSegment[], now: Date): BackupStatus["hours"] {
  const thisHour = Math.floor(now.getTime() / hourMilliseconds);
  return Array.from({ length: 24 }, (_, back) => {
    const hour = thisHour - 23 + back;
    const within = segments.filter(
      ({ closedAt }) => Math.floor(closedAt.getTime() / hourMilliseconds) === hour,
    );
    return {
      hour: new Date(hour * hourMilliseconds).toISOString(),
      files: within.length,
      bytes: within.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  });
}
