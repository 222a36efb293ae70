import { expect, test } from "vitest";
import { keepDoing } from "./keep-doing.ts";
import { choreDue, type Standing } from "./schedule.ts";

const now = new Date("2026-11-22T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const note = (hours: number, ok = true) => ({ at: ago(hours).toISOString(), ok, words: "" });
const well: Standing = {
  notes: { base: note(5), check: note(0.5), purge: note(5), drill: note(5) },
  newest: { full: ago(5), some: true },
  oldestDrill: { last: ago(50) },
  tenants: 3,
};

test.each([
  { because: "all is well", standing: well, due: undefined },
  {
    because: "somebody has put right what did not open",
    standing: { ...well, newest: { ...well.newest, repaired: true } },
    due: "check",
  },
  {
    because: "it was tried just now",
    standing: {
      ...well,
      newest: { ...well.newest, repaired: true },
      notes: { ...well.notes, check: note(0.01, false) },
    },
    due: undefined,
  },
  {
    because: "there is no base backup yet",
    standing: { ...well, notes: {}, newest: { full: undefined, some: false } },
    due: "now",
  },
  {
    because: "the newest is a day old",
    standing: { ...well, newest: { full: ago(24), some: true } },
    due: "now",
  },
  {
    because: "it failed minutes ago",
    standing: {
      ...well,
      newest: { full: ago(25), some: true },
      notes: { ...well.notes, base: note(0.1, false) },
    },
    due: undefined,
  },
  {
    because: "it failed a while ago",
    standing: {
      ...well,
      newest: { full: ago(25), some: true },
      notes: { ...well.notes, base: note(0.5, false) },
    },
    due: "now",
  },
  {
    because: "log is missing since the newest, made minutes ago",
    standing: {
      ...well,
      newest: { full: ago(0.2), some: true, gapSince: ago(0.1) },
      notes: { ...well.notes, base: note(0.2) },
    },
    due: "now",
  },
  {
    because: "log is missing and the one made for it failed minutes ago",
    standing: {
      ...well,
      newest: { full: ago(0.2), some: true, gapSince: ago(0.1) },
      notes: { ...well.notes, base: note(0.05, false) },
    },
    due: undefined,
  },
  {
    because: "the clock was set back behind the newest",
    standing: {
      ...well,
      newest: { full: ago(-1), some: true },
      notes: { ...well.notes, base: note(-0.9) },
    },
    due: "now",
  },
  {
    because: "the clock was set back by minutes",
    standing: {
      ...well,
      newest: { full: ago(-0.1), some: true },
      notes: { ...well.notes, base: note(-0.1) },
    },
    due: "now",
  },
  {
    because: "the one after the clock was set back failed minutes ago",
    standing: {
      ...well,
      newest: { full: ago(-1), some: true },
      notes: { ...well.notes, base: note(0.1, false) },
    },
    due: undefined,
  },
  {
    because: "the one after the clock was set back failed a while ago",
    standing: {
      ...well,
      newest: { full: ago(-1), some: true },
      notes: { ...well.notes, base: note(0.5, false) },
    },
    due: "now",
  },
  {
    because: "one was made since the clock was set back",
    standing: { ...well, newest: { full: ago(-1), some: true } },
    due: undefined,
  },
  {
    because: "increments are made and the newest is an hour old",
    standing: { ...well, newest: { full: ago(5), increment: ago(1), some: true } },
    due: "increment",
  },
  {
    because: "an increment failed minutes ago",
    standing: {
      ...well,
      newest: { full: ago(5), increment: ago(2), some: true },
      notes: { ...well.notes, increment: note(0.1, false) },
    },
    due: undefined,
  },
  {
    because: "one place of several has no full backup yet",
    standing: { ...well, newest: { full: undefined, increment: undefined, some: true } },
    due: "now",
  },
  {
    because: "nothing of the backups was read for an hour",
    standing: { ...well, notes: { ...well.notes, check: note(1) } },
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

test.each([
  { minutes: 0.2, because: "small ones" },
  { minutes: 5, because: "larger ones" },
])("300 tenants, $because, are all drilled within seven days, one after the other", async ({ minutes }) => {
  const last = new Map(Array.from({ length: 300 }, (_, tenant) => [tenant, undefined as Date | undefined]));
  const end = now.getTime() + 21 * 86_400_000;
  let at = now;
  let longest = 0;
  const wait = async (milliseconds: number) => void (at = new Date(at.getTime() + milliseconds));
  const failed = (error: unknown) => {
    throw error;
  };
  await keepDoing({ isOver: () => at.getTime() > end, wait, failed }, 60_000, async () => {
    const [tenant, oldest] = [...last].reduce((a, b) =>
      (b[1]?.getTime() ?? 0) < (a[1]?.getTime() ?? 0) ? b : a,
    );
    const done = { at: at.toISOString(), ok: true, words: "" };
    const notes = { ...well.notes, check: done, purge: done };
    const due = choreDue(
      { notes, newest: { full: at, some: true }, oldestDrill: { last: oldest }, tenants: 300 },
      at,
    );
    if (due !== "drill") return "nothing to do";
    last.set(tenant, at);
    await wait(minutes * 60_000);
    if (oldest !== undefined) longest = Math.max(longest, at.getTime() - oldest.getTime());
    return "did something";
  });
  expect(longest).toBeGreaterThan(4 * 86_400_000);
  expect(longest).toBeLessThanOrEqual(7 * 86_400_000);
});

test("after a chore it looks again at once; after nothing or a failure it waits, until it is over", async () => {
  const waited: number[] = [];
  const failures: string[] = [];
  const looks = ["did something", "did something", "nothing to do", "failure", "did something"];
  const pace = {
    isOver: () => looks.length === 0,
    wait: async (milliseconds: number) => void waited.push(milliseconds),
    failed: (error: unknown) => void failures.push((error as Error).message),
  };
  await keepDoing(pace, 60_000, async () => {
    const found = looks.shift();
    if (found === "failure") throw new Error(found);
    return found as "did something" | "nothing to do";
  });
  expect(waited).toEqual([1_000, 1_000, 60_000, 60_000, 1_000]);
  expect(failures).toEqual(["failure"]);
});
