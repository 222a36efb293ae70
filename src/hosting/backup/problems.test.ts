import { expect, test } from "vitest";
import { problemsOf, type ProblemCode } from "./problems.ts";
import type { BackupStatus } from "./status.ts";

type Status = Omit<BackupStatus, "problems">;
const now = new Date("2026-11-27T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
const base = (hours: number, restorable = true) => ({
  label: `${hours}`,
  stoppedAt: ago(hours * 60),
  storedBytes: 1,
  restorable,
});
const span = { from: ago(300), to: ago(240) };
const failed = { at: ago(5), ok: false, words: "No room." };
const room = { freeBytes: 500, sizeBytes: 1_000 };
const repository = (key: number, more: object = {}) => ({
  key,
  place: `/repo${key}`,
  separate: true,
  encrypted: true,
  newestFull: ago(60),
  newestIncrement: ago(30),
  ...more,
});
const repositories = (more: object) => ({ repositories: [repository(1), repository(2, more)] });
const copy = {
  location: "/copy",
  separate: true,
  waiting: { files: 0, bytes: 0 },
  late: false,
  differing: [],
  lost: [],
  room,
};
const shipping = { waitingFiles: 0, waitingBytes: 0 };
const readings = { files: 9, bytes: 9, read: 9, oldest: ago(60), overdue: 0, failed: [] };

const sound: Status = {
  location: "/backup",
  separate: true,
  copy,
  archiving: true,
  schedule: { runs: true, at: ago(0) },
  since: ago(100_000),
  keepDays: 14,
  bases: [base(48), base(24.9)],
  broken: [],
  log: {},
  readings,
  ...repositories({ newestFull: ago(24.9 * 60), newestIncrement: ago(74), behindSince: ago(1.9) }),
  window: { gaps: [] },
  clockSetBack: [],
  shipping: { ...shipping, waitingFiles: 1, waitingSince: ago(1), unshippedSince: ago(1.08) },
  files: {},
  hours: [],
  storedBytes: 2,
  rooms: { data: room, backups: { ...room, fullInHours: 24 } },
  runs: { base: { ...failed, ok: true }, check: { ...failed, ok: true } },
};

test("of backups that are as they must be nothing is told", () => {
  expect(problemsOf(sound, now)).toEqual([]);
});

test.each<{ code: ProblemCode; because: string; but: Partial<Status> }>([
  { code: "not_separate", because: "they lie beside the data", but: { separate: false } },
  { code: "not_archiving", because: "the server keeps its log", but: { archiving: false } },
  { code: "schedule_stopped", because: "nothing looks after them", but: { schedule: { runs: false } } },
  { code: "no_base", because: "there is none", but: { bases: [] } },
  { code: "no_base", because: "none of them restores", but: { bases: [base(1, false)] } },
  { code: "base_late", because: "the newest is a day and more old", but: { bases: [base(25.1)] } },
  {
    code: "base_late",
    because: "the newest that restores is",
    but: { bases: [base(25.1), base(1, false)] },
  },
  { code: "base_failed", because: "the last one failed", but: { runs: { base: failed } } },
  { code: "increment_failed", because: "the last one failed", but: { runs: { increment: failed } } },
  { code: "check_failed", because: "the daily one failed", but: { runs: { check: failed } } },
  { code: "drill_failed", because: "the last one failed", but: { runs: { drill: failed } } },
  { code: "clock_jumped", because: "purging was refused", but: { runs: { purge: failed } } },
  { code: "base_broken", because: "one does not open", but: { broken: [{ label: "1", reason: "Cut." }] } },
  { code: "gap", because: "log is missing", but: { window: { gaps: [span] } } },
  { code: "clock_set_back", because: "an hour happened twice", but: { clockSetBack: [span] } },
  {
    code: "shipping_failed",
    because: "the location refuses",
    but: { shipping: { ...shipping, failure: "Full.", failingSince: ago(0) } },
  },
  {
    code: "shipping_late",
    because: "a file waits",
    but: { shipping: { ...shipping, waitingFiles: 2, waitingSince: ago(1.1) } },
  },
  {
    code: "shipping_late",
    because: "no file is finished",
    but: { shipping: { ...shipping, waitingSince: ago(0), unshippedSince: ago(1.1) } },
  },
  { code: "location_taken", because: "another has it", but: { log: { taken: "Taken." } } },
  { code: "log_lacks", because: "less is there", but: { log: { lacks: "Gone." } } },
  { code: "log_damaged", because: "a file was cut", but: { log: { damaged: "Cut." } } },
  { code: "unread", because: "a file was read by nobody", but: { readings: { ...readings, overdue: 1 } } },
  {
    code: "files_failed",
    because: "a file is not brought",
    but: { files: { failure: "Away.", failingSince: ago(1) } },
  },
  {
    code: "full_soon",
    because: "it fills within a day",
    but: { rooms: { data: room, backups: { ...room, fullInHours: 23.9 } } },
  },
  {
    code: "full_soon",
    because: "hardly anything is left",
    but: { rooms: { data: room, backups: { ...room, freeBytes: 9 } } },
  },
  {
    code: "data_full_soon",
    because: "hardly anything is left",
    but: { rooms: { data: { ...room, freeBytes: 9 } } },
  },
  { code: "one_repository", because: "there is one", but: { repositories: [repository(1)] } },
  { code: "repository_failed", because: "one does not answer", but: repositories({ failure: "Away" }) },
  { code: "base_late", because: "one has no full one", but: repositories({ newestFull: undefined }) },
  { code: "base_late", because: "one has an old one", but: repositories({ newestFull: ago(25.1 * 60) }) },
  {
    code: "increment_late",
    because: "one has an old one",
    but: repositories({ newestIncrement: ago(76) }),
  },
  { code: "repository_behind", because: "one lacks log", but: repositories({ behindSince: ago(2.1) }) },
  { code: "copy_away", because: "it does not answer", but: { copy: { ...copy, away: "Away." } } },
  { code: "copy_not_separate", because: "one disk has both", but: { copy: { ...copy, separate: false } } },
  { code: "copy_late", because: "files wait", but: { copy: { ...copy, late: true } } },
  { code: "copy_differs", because: "a file is another", but: { copy: { ...copy, differing: ["a"] } } },
  { code: "location_lacks", because: "only the copy has it", but: { copy: { ...copy, lost: ["a"] } } },
  {
    code: "copy_full_soon",
    because: "hardly anything is left",
    but: { copy: { ...copy, room: { ...room, freeBytes: 9 } } },
  },
])("$code is told alone when $because", ({ code, but }) => {
  expect(problemsOf({ ...sound, ...but }, now).map((each) => each.code)).toEqual([code]);
});
