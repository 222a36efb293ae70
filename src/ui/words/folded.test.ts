import { expect, test } from "vitest";
import { isSpelledIn } from "./folded.ts";

test.each([
  ["sorensen", "Søren Sørensen"],
  ["SØRENSEN søren", "Søren Sørensen"],
  ["søren".normalize("NFD"), "Søren Sørensen"],
  ["muller", "Jürgen Müller"],
  ["strasse", "Hauptstraße"],
  ["cafe", "Café Ærø"],
  ["aero", "Café Ærø"],
  ["aarhus", "Århus"],
  ["arhus", "Århus"],
  ["", "Anybody"],
])("somebody who types %j among people or places is offered %j", (typed, name) => {
  expect(isSpelledIn(name, typed)).toBe(true);
});

test("somebody who types another name is not offered it", () => {
  expect(isSpelledIn("Søren Sørensen", "soren hansen")).toBe(false);
});
