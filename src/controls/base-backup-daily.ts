import { control, fault, minutes } from "./control.ts";
import { hoursSince, judgeBackups, newestBase, problemsSeen } from "./backup-standing.ts";
import { loseBaseFile, stopSchedule } from "./backup-faults.ts";
import type { System } from "./system.ts";

const hoursMax = 25;

/** Newest whole base backup, what became of the last attempt, and whether the next will be made. */
const judgeBases = (system: System) =>
  judgeBackups(system, ({ status, now }) => {
    const newest = newestBase(status);
    const hoursOld = newest === undefined ? -1 : hoursSince(newest.stoppedAt, now);
    const observed = {
      scheduleRuns: status.schedule.runs,
      hoursOld,
      bytes: newest?.storedBytes ?? 0,
      bases: status.bases.length,
      notRestorable: status.bases.filter(({ restorable }) => !restorable).length + status.broken.length,
      lastAttemptFailed: status.runs.base?.ok === false,
      problems: problemsSeen(status),
    };
    const fresh = hoursOld >= 0 && hoursOld <= hoursMax;
    return {
      holds: fresh && observed.scheduleRuns && !observed.lastAttemptFailed && observed.notRestorable === 0,
      observed,
    };
  });

const expected =
  "the newest whole base backup is at most 25 hours old, none is damaged, and the schedule that makes the next one runs";

export const fullBackupDaily = control({
  id: "W-23",
  version: 1,
  statement: {
    en: "A full backup is made every day.",
    da: "Der tages en fuld backup hver dag.",
  },
  source: { paper: "webcrm-2015", section: "procedures" },
  every: minutes(60),
  expected,
  check: ({ system }) => judgeBases(system),
  faults: [fault("the schedule is stopped", stopSchedule)],
});

export const backupDaily = control({
  id: "D-10",
  version: 1,
  statement: {
    en: "A backup is made every day.",
    da: "Der tages backup hver dag.",
  },
  source: { paper: "dynamicweb-2018", section: "2.3 Backup and restore" },
  every: minutes(60),
  expected,
  check: ({ system }) => judgeBases(system),
  faults: [fault("the newest base backup loses a file", loseBaseFile)],
});
