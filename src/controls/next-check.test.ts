import { expect, test } from "vitest";
import { nextCheck } from "./next-check.ts";

const now = new Date("2026-11-22T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const controls = [{ id: "W-13" }, { id: "W-16" }, { id: "D-19" }];

test.each([
  { because: "one was never checked", last: { "W-13": ago(30), "D-19": ago(1) }, next: "W-16" },
  { because: "one is oldest", last: { "W-13": ago(25), "W-16": ago(26), "D-19": ago(1) }, next: "W-16" },
  {
    because: "all were checked today",
    last: { "W-13": ago(23), "W-16": ago(2), "D-19": ago(1) },
    next: undefined,
  },
])("the program checks what is due when $because", ({ last, next }) => {
  expect(nextCheck(controls, new Map(Object.entries(last)), now)).toBe(next);
});
