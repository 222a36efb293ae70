import { expect, test } from "vitest";
import { statusWords } from "./status-words.ts";

const standing = {
  at: "2026-11-27T19:44:00.000Z",
  database: undefined,
  rooms: { data: { freeBytes: 1, sizeBytes: 2 } },
  backups: undefined,
};

test("backups that cannot be told of while something hangs are not called none", () => {
  const untold = { code: "not_told", words: "nothing within 7 seconds." } as const;
  expect(statusWords({ ...standing, problems: [untold] })).toContain("Backups      cannot be told of now");
  expect(statusWords({ ...standing, problems: [] })).toContain("Backups      none: start with");
});
