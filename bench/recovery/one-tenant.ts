import { setTimeout as delay } from "node:timers/promises";
import type { RestoreReport } from "#hosting/index.ts";
import { rounded, type Results } from "../results.ts";
import { compareAsked, openAsking } from "./asking.ts";
import { withBackedUp, type BackedUp } from "./backed-up.ts";
import type { Part } from "./part.ts";
import { databaseSizes } from "./sizes.store.ts";
import { tenantKey, tenantsFolder, withCopy, type Group } from "./tenants-folder.ts";

const big = 1;
/** Whose people work meanwhile. */
const others = [2, 3];
const beforeSeconds = 30;

/** One large tenant among twenty is taken back to a random second while people of the others work. */
export async function measureOneTenant({ quick, say }: Part): Promise<Results> {
  const { folder, password } = await tenantsFolder(oneAmongTwenty(quick), say);
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
      return {
        "recovery.tenant.serverGigabytes": rounded(sizes.all),
        "recovery.tenant.gigabytes": rounded(sizes.largest),
        ...resultsOf(restoration),
        ...compareAsked("recovery.tenant.others", before, during),
      };
    }),
  );
}

/** A large tenant, the first, and nineteen small ones. */
export const oneAmongTwenty = (quick: boolean): Group[] => [
  { tenants: 1, records: quick ? 5_000 : 95_000 },
  { tenants: 19, records: quick ? 500 : 5_000 },
];

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
