import { expect, test } from "vitest";
import { isAboutMoments, parseMomentCommand } from "./moment-command.ts";

test.each([
  { words: "restore acme --to 2026-11-22T01:35:53Z --beside", is: true },
  { words: "restore moments", is: true },
  { words: "restore close 1f2e", is: true },
  { words: "restore close --to 2026-11-22T01:35:53Z", is: false, because: "a tenant may be called so" },
  { words: "restore acme --to 2026-11-22T01:35:53Z", is: false },
  { words: "tenant close", is: false },
])("'$words' is about moments: $is", ({ words, is }) => {
  expect(isAboutMoments(words.split(" "))).toBe(is);
});

test("a moment is opened for a number of days, listed by tenant and closed by the beginning of its id", () => {
  const parse = (words: string) => parseMomentCommand(words.split(" "));
  expect(parse("restore acme --to 2026-11-22T01:35:53Z --beside --days 3")).toMatchObject({
    verb: "open",
    key: "acme",
    target: new Date("2026-11-22T01:35:53Z"),
    days: 3,
  });
  expect(parse("restore moments acme --json")).toEqual({ verb: "moments", key: "acme", json: true });
  expect(parse("restore close 1F2E")).toMatchObject({ verb: "close", id: "1f2e" });
});

test.each([
  "restore acme --beside",
  "restore acme --to yesterday --beside",
  "restore acme --to 2026-11-22T01:35:53Z --beside --days 0",
  "restore acme beta --to 2026-11-22T01:35:53Z --beside",
  "restore close",
  "restore moments acme beta",
])("'%s' is told how it is written", (words) => {
  expect(() => parseMomentCommand(words.split(" "))).toThrow("Usage:");
});
