import { control, fault, minutes } from "./control.ts";
import { judgeBackups, newestBase, problemsSeen } from "./backup-standing.ts";
import { moveBesideData } from "./backup-faults.ts";

export const separateLocation = control({
  id: "W-24",
  version: 1,
  statement: {
    en: "Backups are kept in a location separate from the data.",
    da: "Backup opbevares et andet sted end data.",
  },
  source: { paper: "webcrm-2015", section: "procedures" },
  every: minutes(60),
  expected:
    "the backups lie on another disk than the data, the newest base backup is there whole, and the daily reading of it found nothing damaged",
  check: ({ system }) =>
    judgeBackups(system, ({ status }) => {
      const { check } = status.runs;
      const observed = {
        separateDisk: status.separate,
        newestThere: newestBase(status) !== undefined,
        damaged: status.broken.length,
        read: check === undefined ? "not yet" : `${check.ok ? "sound" : "damaged"} at ${check.at}`,
        problems: problemsSeen(status),
      };
      const { separateDisk, newestThere, damaged } = observed;
      return { holds: separateDisk && newestThere && damaged === 0 && check?.ok !== false, observed };
    }),
  faults: [fault("the backup location leads to the data's own disk", moveBesideData)],
});
