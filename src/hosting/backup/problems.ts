import { copyProblems } from "./copy-problems.ts";
import { repositoryProblems } from "./repository-problems.ts";
import type { Room } from "./room.ts";
import type { BackupStatus } from "./status.ts";

export type Problem = { code: ProblemCode; words: string };
export type ProblemCode =
  | "not_separate"
  | "not_archiving"
  | "schedule_stopped"
  | "no_base"
  | "base_late"
  | "base_failed"
  | "base_broken"
  | "increment_late"
  | "increment_failed"
  | "one_repository"
  | "repository_failed"
  | "repository_behind"
  | "shipping_failed"
  | "shipping_late"
  | "location_taken"
  | "log_lacks"
  | "log_damaged"
  | "unread"
  | "files_failed"
  | "check_failed"
  | "drill_failed"
  | "drill_overdue"
  | "clock_jumped"
  | "clock_set_back"
  | "gap"
  | "full_soon"
  | "data_full_soon"
  | "location_away"
  | "location_lacks"
  | "copy_away"
  | "copy_not_separate"
  | "copy_late"
  | "copy_differs"
  | "copy_full_soon"
  | "no_backups"
  | "database_away"
  | "program_silent"
  | "not_told"
  | "control_broken"
  | "connections_short";

// A file of the log is closed after fifty seconds and shipped within ten; somebody looks three times a minute.
const late = { baseHours: 25, shippingSeconds: 65, forecastHours: 24 };
const hourMilliseconds = 3_600_000;

/** What is to be put right, in words for the host. */
export function problemsOf(status: Omit<BackupStatus, "problems">, now: Date): Problem[] {
  const {
    separate,
    archiving,
    schedule,
    broken,
    window,
    rooms,
    runs,
    files,
    clockSetBack: turns = [],
  } = status;
  const found: [boolean, ProblemCode, string][] = [
    [!separate, "not_separate", "The backups are not separate: they lie on the same disk as the data."],
    [
      !archiving,
      "not_archiving",
      status.notArchiving === undefined
        ? `The server does not archive its log. ${startWords(status)}`
        : `The server does not archive its log as it must: ${status.notArchiving}`,
    ],
    [
      !schedule.runs,
      "schedule_stopped",
      `The schedule of backups does not run${schedule.at === undefined ? "" : ` since ${schedule.at}`}. ${startWords(status)}`,
    ],
    ...baseProblems(status, now),
    ...repositoryProblems(status, now),
    [
      runs.increment?.ok === false,
      "increment_failed",
      `The last incremental backup failed: ${runs.increment?.words}`,
    ],
    [broken.length > 0, "base_broken", broken.map(({ reason }) => reason).join(" ")],
    ...shippingProblems(status, now),
    ...logProblems(status),
    [
      files.failure !== undefined,
      "files_failed",
      `Uploaded files are not backed up since ${files.failingSince}: ${files.failure}`,
    ],
    [runs.check?.ok === false, "check_failed", `The daily check failed: ${runs.check?.words}`],
    [runs.drill?.ok === false, "drill_failed", `The last drill failed: ${runs.drill?.words}`],
    [runs.purge?.ok === false, "clock_jumped", runs.purge?.words ?? ""],
    [
      turns.length > 0,
      "clock_set_back",
      `The clock was set back: ${turns.map(({ from, to }) => `${from} to ${to}`).join(", ")}. What lies between happened twice: a restore to it may have either, and names the last commit it has.`,
    ],
    [
      window.gaps.length > 0,
      "gap",
      `Moments that cannot be restored: ${window.gaps.map(({ from, to }) => `${from} to ${to}`).join(", ")}.`,
    ],
    [isFullSoon(rooms?.backups), "full_soon", `The backup disk will be full ${soonWords(rooms?.backups)}.`],
  ];
  const problems = found.filter(([is]) => is).map(([, code, words]) => ({ code, words }));
  return [...problems, ...dataRoomProblems(rooms?.data), ...copyProblems(status.copy)];
}

function baseProblems({ bases, runs }: Omit<BackupStatus, "problems">, now: Date) {
  const newest = bases.findLast(({ restorable }) => restorable);
  const hoursOld =
    newest === undefined ? 0 : (now.getTime() - Date.parse(newest.stoppedAt)) / hourMilliseconds;
  const found: [boolean, ProblemCode, string][] = [
    [newest === undefined, "no_base", "There is no base backup yet. Make one: strongroom backup now."],
    [hoursOld > late.baseHours, "base_late", `The newest base backup is ${Math.round(hoursOld)} hours old.`],
    [runs.base?.ok === false, "base_failed", `The last base backup failed: ${runs.base?.words}`],
  ];
  return found;
}

const startWords = ({ repositories }: Pick<BackupStatus, "repositories">): string =>
  `Start Strongroom with ${repositories === undefined ? "STRONGROOM_BACKUP" : "STRONGROOM_PGBACKREST_STANZA"} set.`;

function shippingProblems({ shipping }: Omit<BackupStatus, "problems">, now: Date) {
  const { failure, failingSince, waitingSince, unshippedSince, waitingFiles } = shipping;
  const since = [waitingSince ?? [], unshippedSince ?? []].flat().sort()[0];
  const waitingSeconds = since === undefined ? 0 : (now.getTime() - Date.parse(since)) / 1000;
  const found: [boolean, ProblemCode, string][] = [
    [
      failure !== undefined,
      "shipping_failed",
      `The write-ahead log is not shipped since ${failingSince}: ${failure}`,
    ],
    [
      waitingSeconds > late.shippingSeconds,
      "shipping_late",
      `What was written since ${since} is in no backup: the log does not arrive there${waitingFiles === 0 ? ", and the server finishes no file of it" : `, ${waitingFiles} files of it wait`}. See strongroom backup status and the server's log.`,
    ],
  ];
  return found;
}

/** What is told of the log and its disk even while nobody knows how the location stands. */
export const problemsWhileAway = (status: Omit<BackupStatus, "problems">, now: Date): Problem[] => [
  ...shippingProblems(status, now)
    .filter(([is]) => is)
    .map(([, code, words]) => ({ code, words })),
  ...dataRoomProblems(status.rooms?.data),
];

export const dataRoomProblems = (room: Room | undefined): Problem[] =>
  isFullSoon(room)
    ? [{ code: "data_full_soon", words: `The data disk will be full ${soonWords(room)}.` }]
    : [];

function logProblems({ log = {}, readings }: Omit<BackupStatus, "problems">) {
  const overdue = readings?.overdue ?? 0;
  const found: [boolean, ProblemCode, string][] = [
    [log.taken !== undefined, "location_taken", log.taken ?? ""],
    [log.lacks !== undefined, "log_lacks", log.lacks ?? ""],
    [log.damaged !== undefined, "log_damaged", log.damaged ?? ""],
    [
      overdue > 0,
      "unread",
      `${overdue} files of the backups were not read for days: nobody knows whether they open. See that the check runs: strongroom backup check.`,
    ],
  ];
  return found;
}

/** A disk that its growth fills within a day, or that has one part in a hundred left. */
export const isFullSoon = (
  room: { freeBytes: number; sizeBytes: number; fullInHours?: number } | undefined,
) =>
  room !== undefined &&
  ((room.fullInHours ?? Infinity) < late.forecastHours || room.freeBytes < room.sizeBytes / 100);

const soonWords = (room: { freeBytes: number; fullInHours?: number } | undefined): string =>
  room?.fullInHours === undefined
    ? `soon: ${Math.round((room?.freeBytes ?? 0) / 1e6)} MB are left`
    : `in ${Math.floor(room.fullInHours)} hours`;
