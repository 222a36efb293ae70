import type { Results } from "../results.ts";
import { atMost, linesTable, type Line } from "../targets.ts";

/** What recovery promises, and what was seen. */
export function recoveryTable(results: Results): string {
  const said = (key: string) => results[`recovery.${key}`] ?? "not measured";
  const line = (what: string, key: string, limit: number, unit: string): Line =>
    atMost(results, what, `recovery.${key}`, limit, unit);
  const exact = Number(results["recovery.exactness.exact"] ?? 0);
  const tries = Number(results["recovery.exactness.tries"] ?? 0);
  const lines: Line[] = [
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
    {
      what: "Exact by commit time",
      target: "100 of 100",
      seen: `${exact} of ${tries}`,
      met: tries >= 100 && exact === tries,
    },
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
  return linesTable(lines).join("\n");
}
