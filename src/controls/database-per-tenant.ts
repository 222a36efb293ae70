import { listMoments, writableThings } from "#hosting/index.ts";
import { control, fault, minutes } from "./control.ts";
import { someOf } from "./every-tenant.ts";
import { breakOnServer } from "./server-fault.store.ts";
import { entersAs, unmatched, wrongRights } from "./tenants-apart.store.ts";

/** Moments beside the present that one check enters; of all it is read that they are their tenants' and read only. */
const momentsMax = 5;
/** Tenants whose roles really try the doors in one check; the rights of all are read every time. */
const triedMax = 10;

export const databasePerTenant = control({
  id: "W-14",
  version: 2,
  statement: {
    en: "Every tenant has a private database of its own, which no other tenant can enter.",
    da: "Hver kunde har sin egen private database, som ingen anden kunde kan komme ind i.",
  },
  source: { paper: "webcrm-2015", section: "access" },
  every: minutes(60),
  expected:
    "registry, databases and roles match one to one, and each role enters its own database and no other",
  async check({ system: { tenancy, connection }, canary }) {
    const [matching, rights] = [await unmatched(tenancy), await wrongRights(tenancy)];
    const { pairs = 0, ...wrong } = rights;
    const active = (await tenancy.list()).filter(({ state }) => state === "active");
    const tried = { tried: 0, enteredOwn: 0, enteredForeign: 0 };
    const tenants = [
      canary.tenant,
      canary.neighbour,
      ...someOf(
        active.filter(({ id }) => ![canary.tenant.id, canary.neighbour.id].includes(id)),
        triedMax,
      ),
    ];
    for (const tenant of tenants) {
      tried.tried += 1;
      if (await entersAs(tenancy, tenant, tenant.databaseName)) tried.enteredOwn += 1;
      const doors = [
        tenancy.registryConnection.database,
        "postgres",
        "template1",
        ...someOf(active, 3).map(({ databaseName }) => databaseName),
      ];
      for (const door of new Set([...doors, canary.tenant.databaseName, canary.neighbour.databaseName]))
        if (door !== tenant.databaseName && (await entersAs(tenancy, tenant, door)))
          tried.enteredForeign += 1;
    }
    const moments = someOf(await listMoments(tenancy.registry), momentsMax);
    const open = { moments: moments.length, writableInMoments: 0 };
    for (const { databaseName: database } of moments)
      open.writableInMoments += (await writableThings({ ...connection, database })).length;
    const counted = [...Object.values(matching), ...Object.values(wrong)];
    const faultless = [...counted, tried.enteredForeign, open.writableInMoments].every(
      (count) => count === 0,
    );
    return {
      holds: faultless && tried.enteredOwn === tried.tried && pairs > 0,
      observed: { ...matching, ...rights, ...tried, ...open },
    };
  },
  faults: [
    fault("everybody may connect to a tenant's database", ({ tenancy, canary }) =>
      breakOnServer(
        tenancy,
        `grant connect on database ${canary.databaseName} to public`,
        `revoke connect on database ${canary.databaseName} from public`,
      ),
    ),
  ],
});
