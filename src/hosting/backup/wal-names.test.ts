import { expect, test } from "vitest";
import { closings, followers, isOnLine, type ArchivedSegment } from "./log-files.ts";
import { segmentName, segmentNumberAt, segmentOf, timelinesOf } from "./wal-names.ts";
import { basesFor, windowOf } from "./window.ts";
import type { UsableBase } from "./catalog.ts";

test("a segment's name counts 256 segments to a log", () => {
  expect(segmentOf("0000000200000001000000FF")).toEqual({ timeline: 2, number: 511 });
  expect(segmentName({ timeline: 2, number: 512 })).toBe("000000020000000200000000");
  expect(segmentNumberAt("1/FF000028")).toBe(511);
});

const segment = (name: string): ArchivedSegment => ({ name, path: name, closedAt: new Date(0), bytes: 1 });

test("after a recovery the log goes on where the new timeline left the old one", () => {
  const timelines = timelinesOf(
    3,
    "1\t0/3000110\tno recovery target specified\n\n2\t0/5000000\tbefore 2026\n",
  );
  expect(timelines).toEqual([
    { timeline: 1, beginsAt: 0 },
    { timeline: 2, beginsAt: 3 },
    { timeline: 3, beginsAt: 5 },
  ]);
  const names = ["01:2", "01:3", "01:4", "02:3", "02:4", "03:5"].map((each) => {
    const [timeline = "", number = ""] = each.split(":");
    return segmentName({ timeline: Number(timeline), number: Number(number) });
  });
  const follow = followers(names.map(segment), timelines);
  expect([2, 3, 4, 5, 6].map((number) => follow(number)?.name.slice(6, 8))).toEqual([
    "01",
    "02",
    "02",
    "03",
    undefined,
  ]);
});

test("timelines that began after the moment a recovery went back to are not in the line", () => {
  const history = "1\t0/5000000\tno target\n2\t0/7000000\tno target\n3\t0/3000110\tbefore 2026\n";
  const timelines = timelinesOf(4, history);
  expect(timelines).toEqual([
    { timeline: 1, beginsAt: 0 },
    { timeline: 4, beginsAt: 3 },
  ]);
  const on = (timeline: number, number: number) => isOnLine(timelines, segmentName({ timeline, number }));
  expect([on(1, 2), on(1, 3), on(1, 4), on(2, 6), on(4, 3)]).toEqual([true, false, false, false, true]);
  const left = [1, 2, 3, 4, 5].map((number) => segment(segmentName({ timeline: 1, number })));
  const follow = followers(left, timelines);
  expect([2, 3, 4].map((number) => follow(number)?.name.slice(-1))).toEqual(["2", "3", undefined]);
});

test("one file stamped by a clock that was wrong just then holds no more than the one after it", () => {
  const stamped = (minute: number) => ({ ...segment("00000001000000000000000A"), closedAt: at(minute) });
  const minutes = (files: number[]) => closings(files.map(stamped)).map((each) => each.getUTCMinutes());
  expect(minutes([1, 2, 50, 3, 4])).toEqual([1, 2, 3, 3, 4]);
  // A clock that was set back: what lies between happened twice.
  expect(minutes([1, 20, 40, 10, 12])).toEqual([1, 20, 40, 10, 12]);
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 1, minute));
const base = (from: number, to: number | undefined) =>
  ({
    label: String(from),
    stoppedAt: at(from).toISOString(),
    from: at(from),
    reach: to === undefined ? undefined : at(to),
  }) as UsableBase;

test("the window joins what overlaps and names what is missing", () => {
  const bases = [base(0, 10), base(2, 4), base(5, 20), base(30, 45), base(50, undefined)];
  expect(windowOf({ bases })).toEqual({
    earliest: at(0),
    latest: at(45),
    spans: [
      { from: at(0), to: at(20) },
      { from: at(30), to: at(45) },
    ],
    gaps: [{ from: at(20), to: at(30) }],
  });
  const labels = (minute: number) => basesFor({ bases, broken: [] }, at(minute)).map(({ label }) => label);
  expect(labels(7)).toEqual(["5", "0"]);
  expect(labels(5)).toEqual(["0", "5"]);
  expect(labels(45)).toEqual(["30"]);
});

test.each([
  { minute: -1, code: "outside_window", because: /before the first moment .* from 2026-11-22T01:00/ },
  { minute: 46, code: "outside_window", because: /after the last moment .* to 2026-11-22T01:45/ },
  { minute: 25, code: "in_gap", because: /missing between 2026-11-22T01:20.* and 2026-11-22T01:30/ },
])("minute $minute is refused as $code, with the moments to choose from", ({ minute, code, because }) => {
  const refused = () => basesFor({ bases: [base(0, 20), base(30, 45)], broken: [] }, at(minute));
  expect(refused).toThrow(because);
  expect(refused).toThrow(expect.objectContaining({ code }));
});
