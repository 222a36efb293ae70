import { expect, test } from "vitest";
import { minutes } from "./control.ts";
import { stateOf } from "./state.ts";

const now = new Date("2026-01-01T12:00:00Z");
const ago = (count: number) => new Date(now.getTime() - minutes(count));

test.each([
  { latest: { at: ago(1), version: 2, holds: true }, state: "kept", because: "the check held a minute ago" },
  { latest: { at: ago(1), version: 2, holds: false }, state: "broken", because: "it did not hold" },
  { latest: { at: ago(1), version: 2, holds: null }, state: "unknown", because: "the check erred" },
  { latest: { at: ago(61), version: 2, holds: true }, state: "unknown", because: "the evidence is too old" },
  { latest: { at: ago(-1), version: 2, holds: true }, state: "unknown", because: "the clock ran back" },
  {
    latest: { at: ago(1), version: 1, holds: true },
    state: "unknown",
    because: "the check means something else now",
  },
  { latest: undefined, state: "unknown", because: "nothing was ever seen" },
])("a control is $state when $because", ({ latest, state }) => {
  expect(stateOf({ every: minutes(60), version: 2 }, latest, now)).toBe(state);
});
