import { compareViews } from "./compare-views.ts";
import { control, fault, minutes } from "./control.ts";
import { breakFunction, breakViewPolicy } from "./policy-fault.ts";

const scopeAlone = `(select access.everyone('organisation', 'view')) or responsible_id = any ((select access.people('organisation', 'view'))::integer[])
  or second_responsible_id = any ((select access.people('organisation', 'view'))::integer[])`;

export const restrictedByTerritory = control({
  id: "W-03",
  version: 1,
  statement: {
    en: "A user limited to territories sees the records of those territories and no others.",
    da: "En bruger, der er begrænset til områder, ser disse områders poster og ingen andre.",
  },
  source: { paper: "webcrm-2015", section: "access" },
  every: minutes(60),
  expected:
    "each sampled user sees through the API, and through plain SQL, exactly what the words of the design allow",
  async check(check) {
    const observed = await compareViews(check, ["limited", "delegate", "display", "second", "manager"]);
    return {
      holds: observed.apiDiffers === 0 && observed.databaseDiffers === 0 && observed.seenByTheWords > 0,
      observed,
    };
  },
  faults: [
    // The program's own predicate still stands: only plain SQL as the tenant's role shows this one.
    fault("the database's policy forgets the territory", ({ tenancy, canary }) =>
      breakViewPolicy(tenancy, canary, "organisation", scopeAlone),
    ),
    fault("both the program and the database forget the territory", async ({ tenancy, canary }) => {
      const program = await breakFunction(
        tenancy,
        canary,
        "access.enter",
        "'everywhere', r.everywhere",
        "'everywhere', true",
      );
      const database = await breakViewPolicy(tenancy, canary, "organisation", scopeAlone);
      return async () => {
        await database();
        await program();
      };
    }),
  ],
});
