import { expect, test } from "vitest";
import type { UsableBase } from "../backup/catalog.ts";
import type { ArchivedSegment } from "../backup/log-files.ts";
import { isFullSoon, type Problem } from "../backup/problems.ts";
import { clockSetBack, strandedSpan } from "../backup/window.ts";
import { segmentName } from "../backup/wal-names.ts";
import { standingOf } from "../restore/drill-standing.ts";
import { changes, stillKnown } from "./watch.ts";

const problem = (code: Problem["code"], words = "words"): Problem => ({ code, words });

test("a problem is told when it appears and when it is gone, and not while it lasts", () => {
  const both = [problem("gap"), problem("full_soon", "in 5 hours")];
  expect(changes([], both, "now").map(({ code, state }) => `${code} ${state}`)).toEqual([
    "gap appeared",
    "full_soon appeared",
  ]);
  expect(changes(both, [problem("gap"), problem("full_soon", "in 4 hours")], "now")).toEqual([]);
  expect(changes(both, [problem("gap")], "later")).toEqual([
    { code: "full_soon", words: "in 5 hours", state: "gone", at: "later" },
  ]);
});

test("what cannot be seen while the backup disk is away is not told to be gone", () => {
  const before = [problem("gap")];
  const away = stillKnown(before, [problem("location_away")]);
  expect(changes(before, away, "now").map(({ code, state }) => `${code} ${state}`)).toEqual([
    "location_away appeared",
  ]);
  const back = stillKnown(away, []);
  expect(changes(away, back, "later").map(({ code }) => code)).toEqual(["location_away", "gap"]);
});

const day = (number: number) => new Date(Date.UTC(2026, 10, number)).toISOString();
const tenant = (id: string, made: number) => ({ id, key: id, createdAt: day(made) });
const drilled = (tenantId: string, on: number, state: "done" | "failed" | "running" = "done") => ({
  tenantId,
  state,
  startedAt: day(on),
});

test("a tenant is overdue seven days after its last good drill, or after it was made", () => {
  const tenants = [
    tenant("fresh", 15),
    tenant("fine", 1),
    tenant("late", 1),
    tenant("never", 1),
    tenant("bad", 1),
  ];
  const drills = [drilled("bad", 19, "failed"), drilled("fine", 18, "running"), drilled("fine", 17)];
  const older = [drilled("bad", 16), drilled("late", 10)];
  expect(standingOf(tenants, [...drills, ...older], new Date(day(20)))).toEqual({
    tenants: 5,
    drilled: 3,
    overdue: ["late", "never"],
    failed: ["bad"],
    oldest: day(10),
  });
});

test.each([
  { room: { freeBytes: 50, sizeBytes: 100 }, soon: false, because: "it is not filling" },
  { room: { freeBytes: 50, sizeBytes: 100, fullInHours: 25 }, soon: false, because: "a day is left" },
  {
    room: { freeBytes: 50, sizeBytes: 100, fullInHours: 23 },
    soon: true,
    because: "less than a day is left",
  },
  { room: { freeBytes: 1, sizeBytes: 1000 }, soon: true, because: "hardly anything is left" },
])("a disk is said to be full soon: $soon, for $because", ({ room, soon }) => {
  expect(isFullSoon(room)).toBe(soon);
});

const timelines = [{ timeline: 1, beginsAt: 0 }];
const segment = (number: number): ArchivedSegment => {
  const name = segmentName({ timeline: 1, number });
  return { name, path: name, closedAt: new Date(day(number)), bytes: 1 };
};

test("log beyond a missing file is a gap up to its last moment", () => {
  const bases = [{ from: new Date(day(1)), reach: new Date(day(3)) } as UsableBase];
  expect(strandedSpan({ bases, segments: [1, 2, 3].map(segment), timelines })).toBeUndefined();
  expect(strandedSpan({ bases, segments: [1, 2, 3, 5, 6].map(segment), timelines })).toEqual({
    from: new Date(day(3)),
    to: new Date(day(6)),
  });
});

test("a clock that was set back is told by the log, and one that is kept right by less than a second is not", () => {
  const closedAt = (number: number, at: number): ArchivedSegment => ({
    ...segment(number),
    closedAt: new Date(at),
  });
  const hour = 3_600_000;
  const log = [
    closedAt(1, hour),
    closedAt(2, 2 * hour),
    closedAt(3, 2 * hour - 900),
    closedAt(4, hour + 5_000),
  ];
  expect(clockSetBack({ segments: log, timelines })).toEqual([
    { from: new Date(2 * hour - 900), to: new Date(hour + 5_000) },
  ]);
  expect(clockSetBack({ segments: [], timelines })).toEqual([]);
});
