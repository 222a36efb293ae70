import { expect, test } from "vitest";
import { resolveParents } from "./parents.ts";

const rows = (...named: [name: string, above: string][]) =>
  named.map(([name, above], index) => ({ row: index + 2, name, above }));
const none = () => undefined;

test("a row stands below another of the same file, whichever comes first, and below one that is there already", () => {
  const answers = resolveParents(rows(["A", "B"], ["B", ""], ["C", "Old"]), (name) =>
    name === "Old" ? { id: "old" } : undefined,
  );
  expect([answers.get(2), answers.get(3), answers.get(4)]).toEqual([{ row: 3 }, undefined, { id: "old" }]);
});

test("what hangs on a row that is not taken is not taken either", () => {
  const answers = resolveParents(rows(["A", "Nobody"], ["B", "A"], ["C", "B"]), none);
  expect([...answers.values()]).toEqual([
    { reason: "not_found" },
    { reason: "not_found" },
    { reason: "not_found" },
  ]);
});

test("nobody stands above himself, directly or around a ring", () => {
  const answers = resolveParents(rows(["A", "B"], ["B", "A"], ["C", "C"], ["D", "A"]), none);
  expect([2, 3, 4, 5].map((row) => answers.get(row))).toEqual([
    { reason: "own_ancestor" },
    { reason: "own_ancestor" },
    { reason: "own_ancestor" },
    { reason: "not_found" },
  ]);
});

test("a name of two is ambiguous", () => {
  expect(resolveParents(rows(["A", "B"], ["B", ""], ["b", ""]), none).get(2)).toEqual({
    reason: "ambiguous",
  });
  expect(resolveParents(rows(["A", "B"], ["B", ""]), () => ({ id: "x" })).get(2)).toEqual({
    reason: "ambiguous",
  });
});

test("a chain of a hundred thousand is walked once", () => {
  const chain = Array.from({ length: 100_000 }, (_, index) => ({
    row: index + 2,
    name: `N${index}`,
    above: index === 0 ? "" : `N${index - 1}`,
  }));
  expect(resolveParents(chain, none).get(100_001)).toEqual({ row: 100_000 });
});
