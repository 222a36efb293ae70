import type { BackupStatus } from "#hosting/index.ts";
import { control, fault, minutes } from "./control.ts";
import { judgeBackups, problemsSeen } from "./backup-standing.ts";
import { loseLocation } from "./backup-faults.ts";

const lagSecondsMax = 65 * 60;

export const logShipped = control({
  id: "W-22",
  version: 2,
  statement: {
    en: "An incremental backup is made at least every hour.",
    da: "Der tages en inkrementel backup mindst hver time.",
  },
  source: { paper: "webcrm-2015", section: "procedures" },
  every: minutes(60),
  expected:
    "the log is archived without errors, and what it holds is in the backup location at most 65 minutes later, on a sound server within one; where increments are made beside it, every repository has one of the last 65 minutes",
  check: ({ system }) =>
    judgeBackups(system, ({ status, now }) => {
      const { archiving, schedule, shipping, window, hours } = status;
      const lagSeconds = Math.round(window.latestAgeSeconds ?? -1);
      const minutesOld = incrementMinutes(status, now);
      const observed = {
        ...(minutesOld === undefined ? {} : { incrementMinutesOld: minutesOld }),
        archiving,
        scheduleRuns: schedule.runs,
        lagSeconds,
        withinAMinute: lagSeconds >= 0 && lagSeconds <= 60,
        filesWaiting: shipping.waitingFiles,
        errors: shipping.failure === undefined ? 0 : 1,
        filesInADay: hours.reduce((sum, { files }) => sum + files, 0),
        bytesInADay: hours.reduce((sum, { bytes }) => sum + bytes, 0),
        problems: problemsSeen(status),
      };
      const inTime = lagSeconds >= 0 && lagSeconds <= lagSecondsMax;
      const made = minutesOld === undefined || (minutesOld >= 0 && minutesOld <= lagSecondsMax / 60);
      return { holds: archiving && schedule.runs && inTime && made && observed.errors === 0, observed };
    }),
  faults: [fault("the backup disk vanishes", loseLocation)],
});

/** Where increments are made beside the log: how old the newest is in the repository that is furthest behind. */
function incrementMinutes({ repositories }: BackupStatus, now: Date): number | undefined {
  if (repositories === undefined) return undefined;
  const ages = repositories.map(({ newestIncrement }) =>
    newestIncrement === undefined ? Infinity : (now.getTime() - Date.parse(newestIncrement)) / 60_000,
  );
  const oldest = Math.max(...ages);
  return ages.length > 0 && Number.isFinite(oldest) ? Math.round(oldest) : -1;
}
