import { control, fault, minutes } from "./control.ts";
import { breakOnServer } from "./server-fault.store.ts";

/** 130 random bits: a letter, then 26 characters of base32. */
const shape = /^[a-z][a-z2-7]{26}$/;
/** Shorter words are found in random letters by chance. */
const tellingLength = 5;

type Named = { key: string; name: string; databaseName: string; roleName: string };

export const randomDatabaseName = control({
  id: "W-15",
  version: 1,
  statement: {
    en: "A tenant's database has a unique random name that tells nothing of the tenant and is never used again.",
    da: "En kundes database har et unikt, tilfældigt navn, som intet røber om kunden og aldrig bruges igen.",
  },
  source: { paper: "webcrm-2015", section: "procedures" },
  every: minutes(60),
  expected:
    "every database's and role's name has the random shape, no trace of the tenant, occurs once and is not among the retired",
  async check({ system: { tenancy } }) {
    const tenants: Named[] = await tenancy.list();
    const names = tenants.flatMap(({ databaseName, roleName }) => [databaseName, roleName]);
    const { rows } = await tenancy.registry.query<{ reused: number }>(
      "select count(*)::integer as reused from retired_names where name = any ($1)",
      [names],
    );
    const observed = {
      tenants: tenants.length,
      misshapen: names.filter((name) => !shape.test(name)).length,
      telling: tenants.filter(tells).length,
      notUnique: names.length - new Set(names).size,
      reused: rows[0]?.reused ?? 0,
    };
    const { tenants: count, ...wrong } = observed;
    return { holds: count > 0 && Object.values(wrong).every((each) => each === 0), observed };
  },
  faults: [
    fault("a database is named after its tenant", async ({ tenancy }) => {
      const { databaseName, id } = await tenancy.show("canary-neighbour");
      const named = "canary_neighbour";
      const rename = async (from: string, to: string) => {
        await tenancy.registry.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1",
          [from],
        );
        await breakOnServer(tenancy, `alter database ${from} rename to ${to}`, "select 1");
        await tenancy.registry.query("update tenants set database_name = $2 where id = $1", [id, to]);
      };
      await rename(databaseName, named);
      return () => rename(named, databaseName);
    }),
  ],
});

function tells({ key, name, databaseName, roleName }: Named): boolean {
  const words = [key, ...key.split("-"), ...name.toLowerCase().split(/[^a-z0-9]+/)].filter(
    (word) => word.length >= tellingLength,
  );
  return words.some((word) => [databaseName, roleName].some((random) => random.includes(word)));
}
