import { expect, test } from "vitest";
import { refusalOf } from "./database-error.ts";

test.each([
  ["22003", "invalid_input", "a number is out of range"],
  ["22021", "invalid_input", "a text holds NUL"],
  ["2201B", "invalid_input", "an expression cannot be read"],
  ["22P06", "invalid_input", "a class counts with all its codes"],
  ["23P01", "invalid_input", "a constraint stands in the way"],
  ["23505", "duplicate", "a name is taken"],
  ["40001", "conflict", "another was first"],
  ["53200", "unavailable", "memory is short for now"],
  ["53100", "storage_full", "the disk is full"],
  ["54001", "too_broad", "the statement is too complex"],
  ["55P03", "unavailable", "a lock was not to be had"],
  ["57014", "too_broad", "it took too long"],
  ["57P05", "unavailable", "the connection was ended"],
  ["08006", "unavailable", "the connection broke"],
])("the database's %s is %s: %s", (code, meaning) => {
  expect(refusalOf(Object.assign(new Error("…"), { code }))?.code).toBe(meaning);
});

test.each(["42601", "42P01", "25006", "55000", "XX000"])("the database's %s is a bug", (code) => {
  expect(refusalOf(Object.assign(new Error("…"), { code }))).toBeUndefined();
});
