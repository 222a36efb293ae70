import { expect, test } from "vitest";
import { isAboutPackages, parsePackageCommand } from "./package-command.ts";

test("a package is understood, of now and of a moment, and its check", () => {
  const make = { verb: "make", key: "maven", folder: "/p", json: false };
  expect(parsePackageCommand(["package", "maven", "--into", "/p"])).toEqual({ ...make, target: undefined });
  expect(parsePackageCommand(["package", "maven", "--to", "2026-11-22T01:35:53Z", "--into", "/p"])).toEqual({
    ...make,
    target: new Date("2026-11-22T01:35:53Z"),
  });
  expect(parsePackageCommand(["package", "verify", "/p"])).toEqual({
    verb: "verify",
    folder: "/p",
    json: false,
  });
  expect(isAboutPackages(["--json", "package"])).toBe(true);
});

test.each([
  { words: ["package"], because: "package needs the tenant's key" },
  { words: ["package", "maven"], because: "package needs a new folder" },
  { words: ["package", "verify"], because: "package verify needs the folder" },
  { words: ["package", "maven", "x", "--into", "/p"], because: '"x" is one word too many' },
  { words: ["package", "maven", "--into", "/p", "--to", "noon"], because: "is no moment" },
])("$words is refused: $because", ({ words, because }) => {
  expect(() => parsePackageCommand(words)).toThrow(because);
});
