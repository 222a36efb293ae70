import { expect, test } from "vitest";
import { isAboutRequests, parseRequestCommand } from "./request-command.ts";

const id = "5f0c5a9e-9d5e-4f58-9e6c-3d1f3c9f1a11";

test.each([
  { words: "restore requests", is: { verb: "requests", json: false } },
  { words: `restore approve ${id}`, is: { verb: "approve", id, json: false } },
  { words: "restore approve 5f0c5a9e", is: { verb: "approve", id: "5f0c5a9e", json: false } },
  { words: "restore allow maven on", is: { verb: "allow", key: "maven", allowed: true, json: false } },
  {
    words: "restore allow maven off --json",
    is: { verb: "allow", key: "maven", allowed: false, json: true },
  },
])("'$words' is understood", ({ words, is }) => {
  expect(parseRequestCommand(words.split(" "))).toEqual(is);
});

test.each([
  { words: "restore approve", because: "approve needs the request" },
  { words: "restore approve maven", because: "is no request" },
  { words: `restore refuse ${id}`, because: "refuse needs a reason" },
  { words: `restore approve ${id} --because x`, because: "Only refuse takes --because" },
  { words: "restore allow maven", because: "on or off" },
  { words: "restore allow", because: "needs the tenant's key" },
  { words: "restore requests all", because: "one word too many" },
])("'$words' is refused: $because", ({ words, because }) => {
  expect(() => parseRequestCommand(words.split(" "))).toThrow(because);
});

test("a tenant whose key is one of these words can still be restored", () => {
  expect(isAboutRequests(["restore", "requests"])).toBe(true);
  expect(isAboutRequests(["restore", "requests", "--to", "2026-11-22T01:35:53Z"])).toBe(false);
  expect(isAboutRequests(["restore", "--back", "allow"])).toBe(false);
  expect(isAboutRequests(["restore", "maven"])).toBe(false);
});
