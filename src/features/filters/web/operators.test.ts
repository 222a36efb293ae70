import { expect, test } from "vitest";
import { allOf, partsOf } from "./operators.ts";

const retail = { field: "sector", op: "in", value: ["retail"] };
const large = { field: "revenue", op: "ge", value: 50 };
const halfBuilt = { field: "name", op: "contains", value: "" };

test("several filters beside each other must all hold", () => {
  expect(allOf([retail, large])).toEqual({ and: [retail, large] });
  expect(partsOf({ and: [retail, large] })).toEqual([retail, large]);
});

test("one filter needs no group, and none asks nothing", () => {
  expect(allOf([retail])).toEqual(retail);
  expect(allOf([])).toBeUndefined();
});

test("what is only half built is left out, however deep it stands", () => {
  expect(allOf([retail, halfBuilt])).toEqual(retail);
  expect(allOf([{ or: [halfBuilt, { not: halfBuilt }] }])).toBeUndefined();
  expect(allOf([{ or: [large, { and: [halfBuilt, retail] }] }])).toEqual({ or: [large, retail] });
});

test("a range needs both its ends", () => {
  expect(allOf([{ field: "revenue", op: "between", value: [1, null] }])).toBeUndefined();
});
