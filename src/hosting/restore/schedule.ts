import type { NewestBackups } from "../backup/backups.ts";
import type { RunNotes } from "../backup/run-notes.ts";

/** What the schedule can call for, as the words of the command that does it. */
export type Chore = "now" | "increment" | "check" | "purge" | "drill";

export type Standing = {
  notes: Pick<RunNotes, "base" | "increment" | "check" | "purge" | "drill">;
  newest: NewestBackups;
  /** The tenant whose drill is longest ago; undefined without tenants. */
  oldestDrill: { last: Date | undefined } | undefined;
  tenants: number;
};

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const retryAfter = { now: 15 * minute, increment: 15 * minute, check: hour, purge: hour, drill: 30 * minute };
// Somebody is putting files right, perhaps one after the other.
const repairedAfter = 2 * minute;
// Every tenant is drilled within seven days; two of them are for what fails and for a busy week.
const drillAfter = 5 * day;
const drillAtAnyHourAfter = 6 * day;

/** The one chore that is due now, the most important first; nothing while all is well. Hours are UTC. */
export function choreDue(standing: Standing, now: Date): Chore | undefined {
  const { notes, newest, oldestDrill } = standing;
  const since = (at: Date | string | undefined) =>
    at === undefined ? Infinity : Math.abs(now.getTime() - new Date(at).getTime());
  const isAhead = (at: Date | string | undefined) => at !== undefined && new Date(at) > now;
  const mayTry = (chore: Chore) => {
    const last = notes[noteOf[chore]]?.at;
    return isAhead(last) || since(last) >= retryAfter[chore];
  };
  // The clock was set back: only a backup of after it tells what happens now from what happened at this hour before.
  const wasSetBack = isAhead(newest.full) && (isAhead(notes.base?.at) || notes.base?.ok === false);
  // Log is missing: until the next backup nothing that happens now can be restored. At once, but not again and again
  // where one more does not mend it.
  const { gapSince } = newest;
  const isAnswered = notes.base !== undefined && new Date(notes.base.at) >= (gapSince ?? now);
  const gapDue = gapSince !== undefined && (!isAnswered || mayTry("now"));
  const quiet = now.getUTCHours() >= 20 || now.getUTCHours() < 5;
  const sinceDrill = oldestDrill === undefined ? 0 : since(oldestDrill.last);
  const drillDue = sinceDrill >= drillAtAnyHourAfter || (quiet && sinceDrill >= drillAfter);
  // The built-in backups are read a part at a time; pgBackRest reads everything.
  const readAfter = "increment" in newest ? day : hour;
  const due: [Chore, boolean][] = [
    ["now", ((since(newest.full) >= day || wasSetBack) && mayTry("now")) || gapDue],
    [
      "increment",
      newest.some && "increment" in newest && since(newest.increment) >= hour && mayTry("increment"),
    ],
    [
      "check",
      newest.some &&
        ((newest.repaired === true && since(notes.check?.at) >= repairedAfter) ||
          since(notes.check?.at) >= readAfter ||
          (notes.check?.ok === false && mayTry("check"))),
    ],
    ["purge", newest.some && since(notes.purge?.at) >= day],
    // One that failed waits; one that went well is followed by the next tenant's.
    ["drill", newest.some && drillDue && (notes.drill?.ok !== false || mayTry("drill"))],
  ];
  return due.find(([, is]) => is)?.[0];
}

export const noteOf = {
  now: "base",
  increment: "increment",
  check: "check",
  purge: "purge",
  drill: "drill",
} as const;
