import { expect, test } from "vitest";
import { isAboutRecovery, parseRecoveryCommand } from "./recovery-command-line.ts";

test("a restore is understood, with its moment in any zone", () => {
  const restore = { verb: "restore", key: "maven", as: undefined, json: false };
  for (const time of ["2026-11-22T01:35:53Z", "2026-11-22 02:35:53+01:00", "2026-11-22T02:35:53+0100"])
    expect(parseRecoveryCommand(["restore", "maven", "--to", time])).toEqual({
      ...restore,
      target: new Date("2026-11-22T01:35:53Z"),
    });
  expect(parseRecoveryCommand(["restore", "--back", "maven"])).toEqual({
    verb: "restore-back",
    key: "maven",
    json: false,
  });
  expect(parseRecoveryCommand(["recover", "--from", "/b", "--key", "s.txt"])).toMatchObject({
    from: "/b",
    sheet: "s.txt",
    target: undefined,
  });
  expect(parseRecoveryCommand(["recover"])).toEqual({ verb: "recover-own", target: undefined, json: false });
  expect(["status", "backup", "restore", "recover"].every((noun) => isAboutRecovery(["--json", noun]))).toBe(
    true,
  );
  expect(isAboutRecovery(["tenant", "restore"])).toBe(false);
});

test.each([
  { words: ["restore", "maven"], because: "restore needs a moment" },
  { words: ["restore", "--to", "2026-11-22T01:35:53Z"], because: "restore needs the tenant's key" },
  { words: ["restore", "maven", "--to", "2026-10-25T02:30:00"], because: "Give day, time and zone" },
  { words: ["restore", "maven", "--to", "2026-02-30T00:00:00Z"], because: "is no moment" },
  { words: ["restore", "maven", "--to", "2026-11-22T25:00:00Z"], because: "is no moment" },
  { words: ["restore", "maven", "--back", "--to", "2026-11-22T01:35:53Z"], because: "--back takes neither" },
  { words: ["restore", "maven", "maven", "--back"], because: "one word too many" },
  { words: ["recover", "--from", "/b"], because: "recover needs --from and --key" },
  { words: ["backup"], because: "backup needs one of the words below" },
  { words: ["backup", "delete"], because: 'There is no command "backup delete"' },
  { words: ["backup", "now", "--to", "x"], because: "backup takes no --to" },
  { words: ["status", "maven"], because: "one word too many" },
])("$words is refused: $because", ({ words, because }) => {
  expect(() => parseRecoveryCommand(words)).toThrow(because);
});
