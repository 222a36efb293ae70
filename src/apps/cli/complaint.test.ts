import { expect, test } from "vitest";
import { BackupError } from "#hosting/index.ts";
import { complaintOf } from "./complaint.ts";

const failed = (code: string, syscall?: string) =>
  Object.assign(new Error("what the system said"), { code, ...(syscall === undefined ? {} : { syscall }) });

test.each([
  {
    error: new BackupError("missing", "Bring it back."),
    said: /^Bring it back\.$/,
    because: "it says what to do",
  },
  {
    error: failed("ECONNREFUSED", "connect"),
    said: /^The database server went away/,
    because: "it was killed",
  },
  { error: failed("57P01"), said: /^The database server went away/, because: "it was told to stop" },
  { error: failed("ENOENT", "open"), said: /\n +at /, because: "a file is missing, which is a bug" },
  { error: new TypeError("x is not a function"), said: /\n +at /, because: "it is a bug" },
])("a command that fails says so in a sentence or with its trace: $because", ({ error, said }) => {
  expect(complaintOf(error)).toMatch(said);
});
