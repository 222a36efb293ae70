import type { Tenancy } from "#platform/tenancy/index.ts";
import type { BackupError } from "../backup/backup-error.ts";
import type { Backups } from "../backup/backups.ts";
import type { Problem } from "../backup/problems.ts";
import { dataRoom, type Room } from "../backup/room.ts";
import type { BackupStatus } from "../backup/status.ts";
import { drillStanding, type DrillStanding } from "../restore/drill-standing.ts";
import { within } from "./within.ts";
import {
  connectionsOf,
  controlStanding,
  jobCounts,
  type Connections,
  type ControlStanding,
  type JobCounts,
} from "./server-room.store.ts";

/** How the host stands, for the metrics, the alerts and `strongroom status` alike. */
export type HostHealth = {
  at: string;
  /** What the database tells; undefined while it does not answer. */
  database: DatabaseHealth | undefined;
  rooms: { data: Room; backups?: Room };
  /** Undefined when nothing is backed up. */
  backups: BackupStatus | undefined;
  problems: Problem[];
};

type DatabaseHealth = {
  tenants: { active: number; suspended: number };
  connections: Connections;
  jobs: JobCounts;
  drills: DrillStanding;
  controls: ControlStanding;
};

export type HealthSource = {
  directory: string;
  tenancy: Pick<Tenancy, "registry" | "list">;
  backups: Backups | undefined;
  /** Why backups that were asked for cannot be opened. */
  whyNot?: BackupError | undefined;
};

// Reading a large archive far away takes some seconds; a disk that hangs, for ever.
const secondsMax = 30;

/**
 * Never throws, and returns in about `seconds` whatever hangs: what cannot be told by then is a problem or absent.
 */
export async function hostHealth(
  source: HealthSource,
  now: Date,
  seconds: number = secondsMax,
): Promise<HostHealth> {
  const { directory, backups, whyNot } = source;
  const away: Problem[] = [];
  const told = <Value>(work: Promise<Value>, code: Problem["code"], what: string) =>
    within(seconds, work).catch((error: Error) => {
      away.push({ code, words: `${what} ${error.message}` });
      return undefined;
    });
  const [database, status] = await Promise.all([
    told(databaseHealth(source, now), "database_away", "The database does not answer:"),
    backups === undefined
      ? undefined
      : told(backups.status(now), "location_away", "The backups do not answer:"),
  ]);
  if (whyNot !== undefined) away.push({ code: "no_backups", words: whyNot.message });
  const stored = status?.rooms?.backups;
  return {
    at: now.toISOString(),
    database,
    rooms: {
      data: status?.rooms?.data ?? (await dataRoom(directory)),
      ...(stored === undefined ? {} : { backups: stored }),
    },
    backups: status,
    problems: once([
      ...away,
      ...(database === undefined ? [] : databaseProblems(database, backups !== undefined)),
      ...(status?.problems ?? []),
    ]),
  };
}

async function databaseHealth({ tenancy }: HealthSource, now: Date): Promise<DatabaseHealth> {
  const tenants = await tenancy.list();
  const active = tenants.filter(({ state }) => state === "active").length;
  return {
    tenants: { active, suspended: tenants.length - active },
    connections: await connectionsOf(tenancy),
    jobs: await jobCounts(tenancy),
    drills: await drillStanding(tenancy, now),
    controls: await controlStanding(tenancy),
  };
}

const connectionsShareMax = 0.8;

function databaseProblems({ connections, drills, controls }: DatabaseHealth, backedUp: boolean): Problem[] {
  const { used, max } = connections;
  const found: [boolean, Problem["code"], string][] = [
    [used > max * connectionsShareMax, "connections_short", `${used} of ${max} connections are taken.`],
    [
      controls.broken.length > 0,
      "control_broken",
      `Not kept when last checked: ${controls.broken.join(", ")}. See why: npm run controls.`,
    ],
    [drills.failed.length > 0, "drill_failed", `The last drill failed of: ${drills.failed.join(", ")}.`],
    [
      backedUp && drills.overdue.length > 0,
      "drill_overdue",
      `Not drilled for seven days: ${drills.overdue.join(", ")}.`,
    ],
  ];
  return found.filter(([is]) => is).map(([, code, words]) => ({ code, words }));
}

/** One problem of each code, the first. */
const once = (problems: Problem[]): Problem[] => [
  ...new Map(problems.toReversed().map((problem) => [problem.code, problem])).values(),
];
