import { expect, test } from "vitest";
import { momentsOf } from "./local-moment.ts";

// Copenhagen: an hour before UTC, two in summer, which begins and ends at 01:00 UTC.
const copenhagen = (at: Date) =>
  at >= new Date("2026-03-29T01:00:00Z") && at < new Date("2026-10-25T01:00:00Z") ? -120 : -60;

test.each([
  { local: "2026-11-22T02:35:53", because: "a plain winter night", is: ["2026-11-22T01:35:53.000Z"] },
  { local: "2026-07-01T12:00", because: "a summer day without seconds", is: ["2026-07-01T10:00:00.000Z"] },
  { local: "2026-03-29T02:30:00", because: "the hour the clocks skip", is: [] },
  {
    local: "2026-10-25T02:30:00",
    because: "the hour that comes twice",
    is: ["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z"],
  },
  { local: "2026-10-25T03:00:00", because: "just after it", is: ["2026-10-25T02:00:00.000Z"] },
  { local: "", because: "nothing", is: [] },
])("$local ($because) stands for $is", ({ local, is }) => {
  expect(momentsOf(local, copenhagen).map((at) => at.toISOString())).toEqual(is);
});
