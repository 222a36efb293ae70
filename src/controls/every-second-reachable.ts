import { control, fault, minutes } from "./control.ts";
import { drill, hoursSince, judgeBackups, problemsSeen, type Standing } from "./backup-standing.ts";
import { removeLogFile } from "./backup-faults.ts";

const daysPromised = 14;
const latestSecondsMax = 60;
/** The first base backup is made at the first start; a large server takes its time. */
const firstBackupHours = 25;
const secondsMax = 10 * 60;

export const everySecondReachable = control({
  id: "D-11",
  version: 1,
  statement: {
    en: "Any second of the last 14 days can be restored.",
    da: "Ethvert sekund i de seneste 14 dage kan gendannes.",
  },
  source: { paper: "dynamicweb-2018", section: "2.3 Backup and restore" },
  every: minutes(60),
  longest: secondsMax * 1_000,
  expected:
    "from 14 days ago, or on a younger server from its first backup, to at most 60 seconds ago no second is missing, nothing is kept shorter, and the canary is restored to a random one",
  async check({ system, canary }) {
    return await judgeBackups(system, async (standing) => {
      const { window, keepDays } = standing.status;
      const { reachesBack, ...back } = reach(standing);
      const latestSeconds = Math.round(window.latestAgeSeconds ?? -1);
      const { equal, seen } = await drill(system, standing, canary.tenant.key, secondsMax);
      const observed = {
        ...back,
        keepDays,
        latestSeconds,
        gaps: window.gaps.length,
        ...seen,
        problems: problemsSeen(standing.status),
      };
      const upToNow = latestSeconds >= 0 && latestSeconds <= latestSecondsMax;
      return {
        holds: reachesBack && upToNow && window.gaps.length === 0 && keepDays >= daysPromised && equal,
        observed,
      };
    });
  },
  faults: [fault("one file of the log is removed", removeLogFile)],
});

/** How far back. */
function reach({ status, now }: Standing) {
  const { earliest } = status.window;
  const hoursBack = earliest === undefined ? 0 : hoursSince(earliest, now);
  const hoursBackedUp = hoursSince(status.since ?? "", now);
  const hoursPromised = Math.min(daysPromised * 24, Math.max(0, hoursBackedUp - firstBackupHours));
  return {
    reachesBack: earliest !== undefined && hoursBack >= hoursPromised,
    earliest: earliest ?? "none",
    youngServer: hoursBackedUp < daysPromised * 24,
  };
}
