import { expect, test } from "vitest";
import type { ArchivedSegment, UsableBase } from "./catalog.ts";
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
  expect(may.labels).toEqual(["day 0", "day 1", "day 2", "day 3", "day 4", "day 5"]);
  expect(may.paths.at(-1)).toBe(name(59));
  expect(expendable({ bases: daily, segments }, 30, day(20, 12))).toEqual({ labels: [], paths: [] });
});

test("a clock a year ahead takes neither the two newest backups nor anything at once", () => {
  const may = expendable({ bases: daily, segments }, 14, day(400));
  expect(may.labels).not.toContain("day 20");
  expect(may.labels).not.toContain("day 19");
  expect(nextStep({ lastRun: day(20).toISOString() }, may, day(400))).toMatchObject({ do: "refuse" });
  expect(nextStep({ lastRun: day(20).toISOString() }, may, day(19))).toMatchObject({ do: "refuse" });
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
