import type { BackupStatus } from "#hosting/index.ts";
import { control, fault, minutes } from "./control.ts";
import { judgeBackups, newestBase, problemsSeen } from "./backup-standing.ts";
import { moveBesideData, pointCopyAtFirst } from "./backup-faults.ts";

export const separateLocation = control({
  id: "W-24",
  version: 3,
  statement: {
    en: "Backups are kept in a location separate from the data.",
    da: "Backup opbevares et andet sted end data.",
  },
  source: { paper: "webcrm-2015", section: "procedures" },
  every: minutes(60),
  expected:
    "the backups lie on another disk than the data, the newest base backup is there whole, everything that was shipped is there, and what is read of it every hour, all within the days it is kept, opened; a second location, where there is one, lies apart from the first and holds the same; pgBackRest's repositories are two or more, apart from the data, each with the newest backups and all the log",
  check: ({ system }) =>
    judgeBackups(system, ({ status }) => {
      const { check } = status.runs;
      const observed = {
        separateDisk: status.separate,
        newestThere: newestBase(status) !== undefined,
        damaged: status.broken.length,
        read: readSeen(status),
        ...copySeen(status),
        problems: problemsSeen(status),
      };
      const { separateDisk, newestThere, damaged, copy } = observed;
      const opened = check?.ok !== false && (status.readings?.failed.length ?? 0) === 0;
      const asShipped = status.log?.lacks === undefined && status.log?.damaged === undefined;
      const firstHolds =
        separateDisk &&
        newestThere &&
        damaged === 0 &&
        opened &&
        asShipped &&
        status.log?.taken === undefined;
      return { holds: firstHolds && ["none", "the same"].includes(copy), observed };
    }),
  faults: [
    fault("the backup location leads to the data's own disk", moveBesideData),
    fault("the second location leads to the first", pointCopyAtFirst),
  ],
});

/** What was read opened; nothing is said of the rest. */
function readSeen({ readings, runs: { check } }: BackupStatus): string {
  if (check === undefined) return "not yet";
  if (!check.ok) return `damaged at ${check.at}`;
  if (readings === undefined) return `sound at ${check.at}`;
  const { read, files, oldest } = readings;
  return `${read} of ${files} files, sound${oldest === undefined ? "" : `, the longest ago at ${oldest}`}`;
}

function copySeen({ copy, repositories }: BackupStatus): { copy: string; copyWaits: number } {
  if (repositories !== undefined) return { copy: repositoriesSeen(repositories), copyWaits: 0 };
  if (copy === undefined) return { copy: "none", copyWaits: 0 };
  const { separate, away, late, differing, lost, waiting } = copy;
  const seen = !separate
    ? "not apart from the first"
    : away !== undefined
      ? "away"
      : late
        ? "late"
        : differing.length + lost.length > 0
          ? "another"
          : "the same";
  return { copy: seen, copyWaits: waiting.files };
}

function repositoriesSeen(repositories: NonNullable<BackupStatus["repositories"]>): string {
  const newest =
    repositories
      .map(({ newestFull }) => newestFull)
      .toSorted()
      .at(-1) ?? "";
  if (repositories.length < 2) return "missing";
  if (repositories.some(({ failure }) => failure !== undefined)) return "away";
  if (repositories.some(({ separate }) => !separate)) return "not apart from the data";
  const isLate = repositories.some(
    ({ newestFull, behindSince }) =>
      newestFull === undefined || behindSince !== undefined || dayApart(newestFull, newest),
  );
  return isLate ? "late" : "the same";
}

/** They get their daily backups one after the other. */
const dayApart = (one: string, other: string): boolean =>
  Date.parse(other) - Date.parse(one) > 25 * 3_600_000;
