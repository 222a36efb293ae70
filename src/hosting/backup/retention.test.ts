import { expect, test } from "vitest";
import type { UsableBase } from "./catalog.ts";
import type { ArchivedSegment } from "./log-files.ts";
import { expendable, nextStep } from "./retention.ts";
import { segmentName } from "./wal-names.ts";

const day = (number: number, hour = 0) => new Date(Date.UTC(2026, 10, 1 + number, hour));
const name = (number: number) => segmentName({ timeline: 1, number });
const base = (number: number, reach: Date | undefined = day(30)) =>
  ({
    label: `day ${number}`,
    stoppedAt: day(number).toISOString(),
    startSegment: name(number * 10),
    reach,
  }) as UsableBase;
const segments = Array.from({ length: 300 }, (_, number): ArchivedSegment => ({
  name: name(number),
  path: name(number),
  closedAt: day(0),
  bytes: 1,
}));
const daily = Array.from({ length: 21 }, (_, number) => base(number));

test("every second of the last fourteen days can still be restored after a purge", () => {
  const may = expendable({ bases: daily, segments }, 14, day(20, 12));
  expect(may.labels).toEqual(["day 0", "day 1", "day 2"]);
  expect(may.paths.at(-1)).toBe(name(29));
  const rest = { bases: daily.slice(3), segments: segments.slice(30) };
  expect(expendable(rest, 14, day(20, 12)).labels).toEqual(["day 3", "day 4", "day 5"]);
  expect(expendable({ bases: daily, segments }, 30, day(20, 12))).toEqual({ labels: [], paths: [] });
});

/** What is left when day after day all goes that may. */
function leftAfterAll(keepDays: number, now: Date): { oldest: string; bases: number; log: string } {
  let [bases, log] = [daily, segments];
  for (let go = expendable({ bases, segments: log }, keepDays, now); go.labels.length > 0;) {
    const { labels, paths } = go;
    bases = bases.filter(({ label }) => !labels.includes(label));
    log = log.filter(({ path }) => !paths.includes(path));
    go = expendable({ bases, segments: log }, keepDays, now);
  }
  return { oldest: bases[0]!.label, bases: bases.length, log: log[0]!.name };
}

test.each([
  {
    now: day(20, 12),
    keepDays: 14,
    kept: 6,
    because: "the first second of the window needs the one before it",
  },
  { now: day(20), keepDays: 14, kept: 6, because: "that second is the end of a backup" },
  { now: day(400), keepDays: 14, kept: 7, because: "whatever the clock says there are as many as days" },
  { now: day(400), keepDays: 1, kept: 19, because: "two are the least" },
])(
  "of $keepDays days the backups from day $kept on are left for good: $because",
  ({ now, keepDays, kept }) => {
    expect(leftAfterAll(keepDays, now)).toEqual({
      oldest: `day ${kept}`,
      bases: 21 - kept,
      log: name(kept * 10),
    });
  },
);

test("what is left of base backups that restore nothing goes when it is older than what is kept, and never before", () => {
  const leftovers = ["day 0 cut off", "day 2 cut off", "day 3 cut off"];
  expect(expendable({ bases: daily, segments, leftovers }, 14, day(20, 12)).labels).toEqual([
    "day 0",
    "day 1",
    "day 2",
    ...leftovers.slice(0, 2),
  ]);
  const broken = [base(0), { ...base(1), reach: undefined }, ...daily.slice(2)];
  expect(expendable({ bases: broken, segments }, 14, day(20, 12)).labels).toEqual([
    "day 0",
    "day 2",
    "day 3",
  ]);
});

test("a clock a year ahead takes neither the two newest backups nor anything at once", () => {
  const may = expendable({ bases: daily, segments }, 14, day(400));
  expect(may.labels).not.toContain("day 20");
  expect(may.labels).not.toContain("day 19");
  expect(nextStep({ lastRun: day(20).toISOString() }, may, day(400))).toMatchObject({ do: "refuse" });
  expect(nextStep({ lastRun: day(20).toISOString() }, may, day(19))).toMatchObject({ do: "refuse" });
});

test("a clock thirty days ahead for days takes no base backup that fourteen days of right time need", () => {
  let [bases, log] = [daily, segments];
  let state = { lastRun: day(20).toISOString() };
  for (let number = 0; number < 10; number++) {
    const now = day(50 + number, 1);
    bases = [...bases, { ...base(50 + number), startSegment: name((21 + number) * 10) }];
    const step = nextStep(state, expendable({ bases, segments: log }, 14, now), now);
    state = step.state as typeof state;
    if (step.do !== "purge") continue;
    bases = bases.filter(({ label }) => !step.labels.includes(label));
    log = log.filter(({ path }) => !step.paths.includes(path));
  }
  // Ten days went by in truth: of those before, what four of them need is still there.
  expect(bases.map(({ label }) => label)).toEqual(
    expect.arrayContaining(["day 17", "day 18", "day 19", "day 20"]),
  );
  expect(bases.length).toBeGreaterThanOrEqual(14);
  expect(log[0]!.name <= bases[0]!.startSegment).toBe(true);
});

test("what may go is marked, waits a day, and goes only if it still may", () => {
  const may = { labels: ["day 0", "day 1"], paths: [name(1)] };
  const marked = nextStep({ lastRun: day(20).toISOString() }, may, day(20, 1));
  expect(marked).toMatchObject({ do: "nothing", state: { mark: { labels: ["day 0", "day 1"] } } });
  expect(nextStep(marked.state, may, day(20, 20)).do).toBe("nothing");
  expect(nextStep(marked.state, { ...may, labels: ["day 1", "day 2"] }, day(21, 2))).toMatchObject({
    do: "purge",
    labels: ["day 1"],
    paths: [name(1)],
  });
});
