import type { Results } from "../results.ts";
import { atMost, linesTable, type Line } from "../targets.ts";

type Say = {
  said: (key: string) => number | string;
  line: (what: string, key: string, limit: number, unit: string) => Line;
};

/** What recovery promises, and what was seen. */
export function recoveryTable(results: Results): string {
  const said = (key: string) => results[`recovery.${key}`] ?? "not measured";
  const line = (what: string, key: string, limit: number, unit: string): Line =>
    atMost(results, what, `recovery.${key}`, limit, unit);
  const say = { said, line };
  const lines = [...losses(say), exactness(say), ...tenant(say), ...base(say), ...many(say)];
  return `${linesTable(lines).join("\n")}\n\n${growth(results)}`;
}

const losses = ({ said, line }: Say): Line[] => [
  line(
    `Destroyed under load ${said("losses.rounds")} times: most seconds lost`,
    "losses.mostSecondsLost",
    60,
    "s",
  ),
  line(
    "… acknowledged before the last archived moment and missing",
    "losses.missingBeforeArchived",
    0,
    `of ${said("losses.acknowledged")}`,
  ),
  line(
    `Destroyed ${said("losses.idleRounds")} times after 65 s without a write: acknowledged and missing`,
    "losses.idleMissing",
    0,
    `of ${said("losses.idleAcknowledged")}`,
  ),
];

function exactness({ said }: Say): Line {
  const [exact, tries] = [said("exactness.exact"), said("exactness.tries")];
  return {
    what: "Exact by commit time",
    target: "100 of 100",
    seen: typeof tries === "number" ? `${exact} of ${tries}` : tries,
    met: Number(tries) >= 100 && exact === tries,
  };
}

const tenant = ({ said, line }: Say): Line[] => [
  line(
    `A tenant of some thousand rows, with ten busy loops beside: its time to the quiet one (${said("floor.quietSeconds")} s)`,
    "floor.ratio",
    3,
    "×",
  ),
  line(
    `One tenant of ${said("tenant.gigabytes")} GB among 20 (${said("tenant.serverGigabytes")} GB), restored, compared, switched`,
    "tenant.seconds",
    120,
    "s",
  ),
  line(
    "… requests of others that failed meanwhile",
    "tenant.othersFailed",
    0,
    `of ${said("tenant.othersAsked")}`,
  ),
  line("… their p95 to that of before", "tenant.othersP95Ratio", 2, "×"),
];

const base = ({ said, line }: Say): Line[] => [
  line(
    `Base backup of ${said("base.gigabytes")} GB (${said("base.seconds")} s, ${said("base.storedGigabytes")} GB stored): p95 of requests to that of before`,
    "base.requestsP95Ratio",
    1.5,
    "×",
  ),
  line("… requests that failed meanwhile", "base.requestsFailed", 0, `of ${said("base.requestsAsked")}`),
  line(`Archived to written log (${said("base.logMegabytes")} MB written)`, "base.archivedPercent", 40, "%"),
];

const many = ({ said, line }: Say): Line[] => [
  line(
    `${said("many.tenants")} tenants on one embedded server: memory of the program while idle`,
    "many.idleMegabytes",
    400,
    "MB",
  ),
  line(
    `… first sign-in at a cold tenant, p99 of ${said("many.coldSignIns")} (p50 ${said("many.coldSignInP50Ms")} ms)`,
    "many.coldSignInP99Ms",
    500,
    "ms",
  ),
  line(
    `… most database connections while ${said("many.visitedTenants")} tenants are signed in to and read in a minute`,
    "many.mostConnections",
    60,
    "",
  ),
  line("… requests that failed then", "many.visitsFailed", 0, `of ${said("many.visitsAsked")}`),
  line(
    `… a drill of each tenant in a week of ${said("many.quietHours")} quiet hours, at ${said("many.drillSeconds")} s each`,
    "many.drillHours",
    Number(said("many.quietHours")) || 0,
    "hours",
  ),
];

/** What a restore costs where it grows with the server around the tenant. */
function growth(results: Results): string {
  const at = (key: string) => results[`recovery.growth.${key}`];
  if (at("seconds") === undefined) return "What a restore costs as the server around it grows: not measured.";
  return `A tenant of a few megabytes on a server of ${at("serverGigabytes")} GB in ${at("databases")} databases took ${at("seconds")} s; each GB more in other databases added ${at("secondsPerGigabyte")} s (up to ${at("largerGigabytes")} GB), each 100 databases more added ${at("secondsPer100Databases")} s (up to ${at("moreDatabases")}).`;
}
