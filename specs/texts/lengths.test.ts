import { expect, test } from "vitest";
import { countMaxOf, isList, isText, lengthMaxOf, places } from "./shape-texts.ts";

const texts = places.filter(isText);

test("every text that can be sent is refused for its length before anything else looks at it", () => {
  const unmeasured = texts.filter(({ shape }) => lengthMaxOf(shape) === undefined);
  expect(unmeasured.map(({ path }) => path)).toEqual([]);
});

test("every list that can be sent is refused for its length before its parts are looked at", () => {
  const unmeasured = places.filter(isList).filter(({ shape }) => countMaxOf(shape) === undefined);
  expect(unmeasured.map(({ path }) => path)).toEqual([]);
});

test("the rule sees the texts it judges", () => {
  expect(texts.length).toBeGreaterThan(60);
});
