import { expect, test } from "vitest";
import { refusalOf } from "#core/index.ts";
import { DatabaseBusy, isDatabaseAway } from "./failures.ts";

test("somebody for whom no connection became free is asked to try again", () => {
  expect(refusalOf(new DatabaseBusy("all in use"))?.code).toBe("unavailable");
  expect(isDatabaseAway(new DatabaseBusy("all in use"))).toBe(true);
  expect(isDatabaseAway(new Error("timeout expired"))).toBe(true);
});

test("a mistake of ours is not taken for a database that is away", () => {
  expect(isDatabaseAway(new TypeError("x is not a function"))).toBe(false);
  expect(isDatabaseAway(Object.assign(new Error("syntax error"), { code: "42601" }))).toBe(false);
});
