import { setTimeout as delay } from "node:timers/promises";
import type { RestoreReport } from "#hosting/index.ts";
import { percentile, rounded, type Results } from "../results.ts";
import { openAsking } from "./asking.ts";
import { withBackedUp, type BackedUp } from "./backed-up.ts";
import { measureGrowth } from "./growth.ts";
import type { Part } from "./part.ts";
import { databaseSizes } from "./sizes.store.ts";
import { tenantKey, tenantsFolder, withCopy } from "./tenants-folder.ts";

const big = 1;
/** Whose people work meanwhile. */
const others = [2, 3];
const beforeSeconds = 30;

/**
 * One large tenant among twenty is taken back to a random second while people of the others work; then a small one, as
 * the server around it grows.
 */
export async function measureOneTenant(part: Part): Promise<Results> {
  const { quick, say, keep } = part;
  const [records, few] = quick ? [5_000, 500] : [95_000, 5_000];
  const groups = [
    { tenants: 1, records: records! },
    { tenants: 19, records: few! },
  ];
  const { folder, password } = await tenantsFolder(groups, say);
  return withCopy(folder, (copy) =>
    withBackedUp(copy, async (backedUp) => {
      const sizes = await databaseSizes(backedUp);
      await backedUp.command(["backup", "now"]);
      say("base backup made");
      const seconds = quick ? 5 : beforeSeconds;
      const asking = await openAsking(backedUp.host, password, others);
      const before = await asking.during(delay(seconds * 1000));
      const target = new Date(Date.now() - Math.floor(Math.random() * seconds * 1000));
      const restored = restore(backedUp, tenantKey(big), target);
      const during = await asking.during(restored);
      const restoration = await restored;
      say(JSON.stringify(restoration.report.seconds));
      const [p95Before, p95During] = [percentile(before.times, 95), percentile(during.times, 95)];
      const results = {
        "recovery.tenant.serverGigabytes": rounded(sizes.all),
        "recovery.tenant.gigabytes": rounded(sizes.largest),
        ...resultsOf(restoration),
        "recovery.tenant.othersAsked": during.times.length,
        "recovery.tenant.othersFailed": before.failed + during.failed,
        "recovery.tenant.othersP95BeforeMs": rounded(p95Before),
        "recovery.tenant.othersP95DuringMs": rounded(p95During),
        "recovery.tenant.othersP95Ratio": rounded(p95During / p95Before),
      };
      await keep(results);
      return { ...results, ...(await measureGrowth(backedUp, restoration.report, part)) };
    }),
  );
}

export type Restoration = { report: RestoreReport; seconds: number };

/** By the host's own command, in a process of its own. */
export async function restore(
  { command }: Pick<BackedUp, "command">,
  key: string,
  target: Date,
): Promise<Restoration> {
  const from = performance.now();
  const output = await command(["restore", key, "--to", target.toISOString(), "--json"]);
  return { report: JSON.parse(output) as RestoreReport, seconds: (performance.now() - from) / 1000 };
}

function resultsOf({ report, seconds }: Restoration): Results {
  const steps = Object.entries(report.seconds).map(([step, taken]) => [
    `recovery.tenant.${step}Seconds`,
    rounded(taken),
  ]);
  return {
    "recovery.tenant.seconds": rounded(seconds),
    ...Object.fromEntries(steps),
    "recovery.tenant.rowsCompared": report.copied.rows,
  };
}
