import { expect, test } from "vitest";
import { zoneNamed } from "./zone.ts";

test.each([
  { spelled: "Europe/Copenhagen", name: "Europe/Copenhagen" },
  { spelled: "europe/COPENHAGEN", name: "Europe/Copenhagen" },
  { spelled: "2026-11-27T00:00:00.000000001[Europe/Copenhagen]", name: "Europe/Copenhagen" },
  { spelled: "+01", name: "+01:00" },
  { spelled: "2026-11-27T00:00:00.000000001+01:00", name: "+01:00" },
])("whoever spells his zone $spelled is in $name, so that no spelling is one more to remember", (zone) => {
  expect(zoneNamed(zone.spelled, "Zone")).toBe(zone.name);
});

test.each(["", "Europe/Nowhere", "+25:00", `Europe/Copenhagen${" ".repeat(60)}`])(
  "%j is no time zone",
  (spelled) => {
    expect(() => zoneNamed(spelled, "Zone")).toThrow("invalid_input");
  },
);
