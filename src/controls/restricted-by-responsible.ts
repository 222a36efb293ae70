import type { Browser } from "./canary/index.ts";
import { compareViews } from "./compare-views.ts";
import { control, fault, minutes, type Check } from "./control.ts";
import { breakViewPolicy } from "./policy-fault.ts";

export const restrictedByResponsible = control({
  id: "W-04",
  version: 1,
  statement: {
    en: "A user limited to his own records sees those he is responsible or second responsible for, from the moment he is.",
    da: "En bruger, der er begrænset til sine egne poster, ser dem, han er ansvarlig eller medansvarlig for, fra det øjeblik han er det.",
  },
  source: { paper: "webcrm-2015", section: "access" },
  every: minutes(60),
  expected:
    "each sees exactly his own, and a record handed over is seen by the new and no longer by the old at the next request",
  async check(check) {
    const views = await compareViews(check, ["restricted", "second"]);
    const handOver = await handOneOver(check);
    const holds = views.apiDiffers === 0 && views.databaseDiffers === 0 && views.seenByTheWords > 0;
    return { holds: holds && Object.values(handOver).every(Boolean), observed: { ...views, ...handOver } };
  },
  faults: [
    fault("the policy looks at who made the record", ({ tenancy, canary }) =>
      breakViewPolicy(
        tenancy,
        canary,
        "opportunity",
        `((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
         and ((select access.everyone('opportunity', 'view')) or created_by = any ((select access.people('opportunity', 'view'))::integer[]))`,
      ),
    ),
  ],
});

/** A manager makes an opportunity of one's own another's, then shares it between both. */
async function handOneOver({ canary }: Check) {
  const [manager, first, other] = await Promise.all(
    ["manager", "restricted", "second"].map((name) => canary.signedIn(name)),
  );
  if (manager === undefined || first === undefined || other === undefined) throw new Error("not signed in");
  const [firstId, otherId] = [canary.user("restricted").id, canary.user("second").id];
  const made = await manager.ask("POST", "/api/opportunities", {
    name: "Handed over",
    stage: "engaging",
    responsible: firstId,
  });
  const path = `/api/opportunities/${made.body.id}`;
  const give = async (responsible: number, secondResponsible: number | null) => {
    const { body } = await manager.ask("GET", path);
    await manager.ask(
      "POST",
      `${path}/reassign`,
      { responsible, secondResponsible, territory: null },
      { headers: { "if-match": `"${body.version}"` } },
    );
  };
  const sees = async (browser: Browser) => (await browser.ask("GET", path)).status === 200;
  const before = (await sees(first)) && !(await sees(other));
  await give(otherId, null);
  const after = !(await sees(first)) && (await sees(other));
  await give(otherId, firstId);
  const bothAfterSharing = (await sees(first)) && (await sees(other));
  const { body } = await manager.ask("GET", path);
  await manager.ask("DELETE", path, undefined, { headers: { "if-match": `"${body.version}"` } });
  return {
    seenByTheFirstAlone: before,
    seenByTheOtherAfterwards: after,
    seenByBothWhenSecond: bothAfterSharing,
  };
}
