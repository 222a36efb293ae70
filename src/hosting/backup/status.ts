import { readCatalog, type ArchivedSegment } from "./catalog.ts";
import type { Backups } from "./open-backups.ts";
import { keepNotes, readNotes, type RunNotes } from "./run-notes.ts";
import { shippingOf, type Shipping } from "./shipping-notes.ts";
import { windowOf, type Span } from "./window.ts";

/** Everything a host or a control needs to know about the backups; times ISO 8601 in UTC. */
export type BackupStatus = {
  location: string;
  separate: boolean;
  keyId: string;
  keepDays: number;
  bases: { label: string; stoppedAt: string; storedBytes: number; restorable: boolean }[];
  broken: { label: string; reason: string }[];
  /** What can be restored; `latestAgeSeconds` is what would be lost now. */
  window: {
    earliest?: string;
    latest?: string;
    latestAgeSeconds?: number;
    gaps: { from: string; to: string }[];
  };
  shipping: Shipping;
  /** Log shipped in each of the last 24 hours. */
  hours: { hour: string; files: number; bytes: number }[];
  storedBytes: number;
  room: { freeBytes: number; sizeBytes: number; fullInHours?: number } | undefined;
  runs: Pick<RunNotes, "base" | "check" | "purge" | "drill">;
  problems: Problem[];
};

export type Problem = { code: ProblemCode; words: string };
export type ProblemCode =
  | "not_separate"
  | "no_base"
  | "base_late"
  | "base_failed"
  | "base_broken"
  | "shipping_failed"
  | "shipping_late"
  | "check_failed"
  | "drill_failed"
  | "clock_jumped"
  | "gap"
  | "full_soon"
  | "location_away";

const hourMilliseconds = 3_600_000;

/** Reads the location anew. When it is away, that is the status. */
export async function backupStatus(backups: Backups, now: Date): Promise<BackupStatus> {
  const { directory, location, separate, keyring, keepDays } = backups;
  const notes = await readNotes(directory);
  const shipping = await shippingOf(directory);
  let away: Problem | undefined;
  const read = <Value>(work: Promise<Value>): Promise<Value | undefined> =>
    work.catch((error: Error) => {
      away = { code: "location_away", words: error.message };
      return undefined;
    });
  const catalog = (await read(readCatalog(location, keyring))) ?? {
    bases: [],
    broken: [],
    segments: [],
    timelines: [],
  };
  const room = await read(roomOf(backups, notes, now));
  const { earliest, latest, gaps } = windowOf(catalog);
  const status = {
    location: location.folder,
    separate,
    keyId: keyring.current.id,
    keepDays,
    bases: catalog.bases.map(({ label, stoppedAt, storedBytes, reach }) => ({
      label,
      stoppedAt,
      storedBytes,
      restorable: reach !== undefined,
    })),
    broken: catalog.broken,
    window: {
      ...(earliest === undefined ? {} : { earliest: earliest.toISOString() }),
      ...(latest === undefined
        ? {}
        : { latest: latest.toISOString(), latestAgeSeconds: (now.getTime() - latest.getTime()) / 1000 }),
      gaps: gaps.map(asText),
    },
    shipping,
    hours: hourly(catalog.segments, now),
    storedBytes: [
      ...catalog.bases.map((base) => base.storedBytes),
      ...catalog.segments.map(({ bytes }) => bytes),
    ].reduce((sum, bytes) => sum + bytes, 0),
    room,
    runs: { ...notes },
  };
  return { ...status, problems: away === undefined ? problemsOf(status, now) : [away] };
}

const asText = ({ from, to }: Span) => ({ from: from.toISOString(), to: to.toISOString() });

function hourly(segments: ArchivedSegment[], now: Date): BackupStatus["hours"] {
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

const remembered = 48;

// Measured against the oldest look of the last two days; one look an hour is enough.
async function roomOf(
  { directory, location }: Backups,
  notes: RunNotes,
  now: Date,
): Promise<BackupStatus["room"]> {
  const { freeBytes, sizeBytes } = await location.room();
  const looks = notes.room ?? [];
  const last = looks.at(-1);
  if (last === undefined || now.getTime() - Date.parse(last.at) > hourMilliseconds)
    await keepNotes(directory, { room: [...looks, { at: now.toISOString(), freeBytes }].slice(-remembered) });
  const first = looks[0];
  const hours = first === undefined ? 0 : (now.getTime() - Date.parse(first.at)) / hourMilliseconds;
  const used = first === undefined ? 0 : first.freeBytes - freeBytes;
  return {
    freeBytes,
    sizeBytes,
    ...(hours > 0.5 && used > 0 ? { fullInHours: freeBytes / (used / hours) } : {}),
  };
}

const late = { baseHours: 25, shippingSeconds: 120, forecastHours: 24 };

function problemsOf(status: Omit<BackupStatus, "problems">, now: Date): Problem[] {
  const { separate, bases, broken, window, shipping, room, runs } = status;
  const newest = bases.findLast(({ restorable }) => restorable);
  const hoursOld =
    newest === undefined ? 0 : (now.getTime() - Date.parse(newest.stoppedAt)) / hourMilliseconds;
  const waitingSeconds =
    shipping.waitingSince === undefined ? 0 : (now.getTime() - Date.parse(shipping.waitingSince)) / 1000;
  const found: [boolean, ProblemCode, string][] = [
    [!separate, "not_separate", "The backups are not separate: they lie on the same disk as the data."],
    [newest === undefined, "no_base", "There is no base backup yet. Make one: strongroom backup now."],
    [hoursOld > late.baseHours, "base_late", `The newest base backup is ${Math.round(hoursOld)} hours old.`],
    [runs.base?.ok === false, "base_failed", `The last base backup failed: ${runs.base?.words}`],
    [broken.length > 0, "base_broken", broken.map(({ reason }) => reason).join(" ")],
    [
      shipping.failure !== undefined,
      "shipping_failed",
      `The write-ahead log is not shipped since ${shipping.failingSince}: ${shipping.failure}`,
    ],
    [
      waitingSeconds > late.shippingSeconds,
      "shipping_late",
      `${shipping.waitingFiles} files of the log wait since ${shipping.waitingSince}.`,
    ],
    [runs.check?.ok === false, "check_failed", `The daily check failed: ${runs.check?.words}`],
    [runs.drill?.ok === false, "drill_failed", `The last drill failed: ${runs.drill?.words}`],
    [runs.purge?.ok === false, "clock_jumped", runs.purge?.words ?? ""],
    [
      window.gaps.length > 0,
      "gap",
      `Moments that cannot be restored: ${window.gaps.map(({ from, to }) => `${from} to ${to}`).join(", ")}.`,
    ],
    [
      (room?.fullInHours ?? Infinity) < late.forecastHours,
      "full_soon",
      `The backup disk will be full in ${Math.floor(room?.fullInHours ?? 0)} hours.`,
    ],
  ];
  return found.filter(([is]) => is).map(([, code, words]) => ({ code, words }));
}
