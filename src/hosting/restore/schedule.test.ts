import { expect, test } from "vitest";
import { choreDue, type Standing } from "./schedule.ts";

const now = new Date("2026-11-22T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const note = (hours: number, ok = true) => ({ at: ago(hours).toISOString(), ok, words: "" });
const well: Standing = {
  notes: { base: note(5), check: note(5), purge: note(5), drill: note(5) },
  newestBase: ago(5),
  oldestDrill: { last: ago(50) },
  tenants: 3,
};

test.each([
  { because: "all is well", standing: well, due: undefined },
  {
    because: "there is no base backup yet",
    standing: { ...well, notes: {}, newestBase: undefined },
    due: "now",
  },
  { because: "the newest is a day old", standing: { ...well, newestBase: ago(24) }, due: "now" },
  {
    because: "it failed minutes ago",
    standing: { ...well, newestBase: ago(25), notes: { ...well.notes, base: note(0.1, false) } },
    due: undefined,
  },
  {
    because: "it failed a while ago",
    standing: { ...well, newestBase: ago(25), notes: { ...well.notes, base: note(0.5, false) } },
    due: "now",
  },
  {
    because: "nobody checked for a day",
    standing: { ...well, notes: { ...well.notes, check: note(24) } },
    due: "check",
  },
  {
    because: "nothing was purged for a day",
    standing: { ...well, notes: { ...well.notes, purge: note(25) } },
    due: "purge",
  },
  {
    because: "a tenant was never drilled",
    standing: { ...well, oldestDrill: { last: undefined } },
    due: "drill",
  },
  {
    because: "five days wait for a quiet hour",
    standing: { ...well, oldestDrill: { last: ago(125) } },
    due: undefined,
  },
  {
    because: "six days wait no longer",
    standing: { ...well, oldestDrill: { last: ago(150) } },
    due: "drill",
  },
  {
    because: "there are no tenants",
    standing: { ...well, oldestDrill: undefined, tenants: 0 },
    due: undefined,
  },
])("$due is due when $because", ({ standing, due }) => {
  expect(choreDue(standing, now)).toBe(due);
});

test("300 tenants are all drilled within seven days, whatever the hour the first was", () => {
  const last = new Map(Array.from({ length: 300 }, (_, tenant) => [tenant, undefined as Date | undefined]));
  let longest = 0;
  for (
    let at = new Date(now);
    at.getTime() < now.getTime() + 21 * 86_400_000;
    at = new Date(at.getTime() + 60_000)
  ) {
    const [tenant, oldest] = [...last].sort((a, b) => (a[1]?.getTime() ?? 0) - (b[1]?.getTime() ?? 0))[0]!;
    if (oldest !== undefined) longest = Math.max(longest, at.getTime() - oldest.getTime());
    const notes = {
      ...well.notes,
      check: { at: at.toISOString(), ok: true, words: "" },
      purge: { at: at.toISOString(), ok: true, words: "" },
    };
    if (choreDue({ notes, newestBase: at, oldestDrill: { last: oldest }, tenants: 300 }, at) === "drill")
      last.set(tenant, at);
  }
  expect(longest).toBeLessThanOrEqual(7 * 86_400_000);
});
