import { drillStanding } from "#hosting/index.ts";
import { control, fault, minutes } from "./control.ts";
import { drill, judgeBackups } from "./backup-standing.ts";
import { damageBase } from "./backup-faults.ts";
import { someOf } from "./every-tenant.ts";

/** A tenant of many gigabytes takes its time. */
const secondsMax = 30 * 60;

export const tenantRestorable = control({
  id: "W-25",
  version: 1,
  statement: {
    en: "What is backed up can be restored.",
    da: "Det, der er taget backup af, kan gendannes.",
  },
  source: { paper: "webcrm-2015", section: "procedures" },
  every: minutes(24 * 60),
  longest: secondsMax * 1_000,
  expected:
    "a tenant restored to a random second equals itself row by row, no tenant's last drill failed, and none waits longer than seven days for its next",
  check: ({ system }) =>
    judgeBackups(system, async (standing) => {
      const { tenancy } = system;
      const before = await drillStanding(tenancy, standing.now);
      // One that failed must succeed before all is well again.
      const key = before.failed[0] ?? someOf(await tenancy.list(), 1)[0]?.key ?? "";
      const { equal, seen } = await drill(system, standing, key, secondsMax);
      const after = await drillStanding(tenancy, standing.now);
      const observed = {
        ...seen,
        tenants: after.tenants,
        tenantsDrilled: after.drilled,
        tenantsOverdue: after.overdue.length,
        lastDrillFailed: after.failed.length,
      };
      return { holds: equal && after.overdue.length + after.failed.length === 0, observed };
    }),
  faults: [fault("one block of a base backup is corrupted", damageBase)],
});
