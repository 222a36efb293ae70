import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import type { OracleModule, OracleRights, World } from "../oracle/index.ts";

/** Reads the canary past every policy, as the owner of its database. */
const asOwner =
  (tenancy: Tenancy, tenant: Tenant) =>
  <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    tenancy.asOwner(tenant, async (owner) => (await owner.query(text, values)).rows as Row[]);

export const ownersView = asOwner;

/** The canary as plain rows for the oracle: what people set, nothing that was derived. */
export async function readWorld(tenancy: Tenancy, tenant: Tenant): Promise<World> {
  const rows = asOwner(tenancy, tenant);
  const [settings] = await rows<{ hide: boolean }>(
    "select value = 'true'::jsonb as hide from access.setting where key = 'hideUnplaced'",
  );
  return {
    hideUnplaced: settings?.hide ?? false,
    territories: await rows("select id, parent_id as parent from access.territory where id <> 0"),
    levels: await rows<{ number: number; rights: OracleRights }>("select number, rights from access.level"),
    users: await rows(`select u.id, u.level, nullif(u.home_territory, 0) as "homeTerritory",
      coalesce((select array_agg(t.territory_id) from access.user_territory t where t.user_id = u.id), '{}') as territories,
      coalesce((select array_agg(g.group_id) from access.user_group g where g.user_id = u.id), '{}') as groups
      from access.users u where u.active and u.level > 1`),
    records: await rows(
      Object.entries(hangsOn)
        .map(
          ([module, [organisation, person]]) => `select '${module}' as module, id,
      responsible_id as responsible, second_responsible_id as "secondResponsible",
      case when territory_set then nullif(territory_id, 0) end as territory, ${organisation} as organisation, ${person} as person
      from public.${module} where deleted_at is null`,
        )
        .join(" union all "),
    ),
  };
}

const hangsOn: Record<OracleModule, readonly [string, string]> = {
  organisation: ["null::uuid", "null::uuid"],
  person: ["organisation_id", "null::uuid"],
  product: ["null::uuid", "null::uuid"],
  opportunity: ["organisation_id", "person_id"],
  activity: ["organisation_id", "person_id"],
};

export async function setPasswordHash(
  tenancy: Tenancy,
  tenant: Tenant,
  name: string,
  hash: string,
): Promise<void> {
  await asOwner(tenancy, tenant)(
    "update access.users set password_hash = $2, failures = 0, blocked_at = null, password_first = false, password_ends_at = null where name = $1",
    [name, hash],
  );
}

/** Its people are nobody's, so the passwords they are given here stay as they are. */
export async function keepPasswords(tenancy: Tenancy, tenant: Tenant): Promise<void> {
  await asOwner(tenancy, tenant)("update access.users set password_first = false, password_ends_at = null");
}

/** Removes what checks have made, so that the canary does not grow with every one. */
export async function tidy(tenancy: Tenancy, tenant: Tenant): Promise<void> {
  const modules = ["activity", "opportunity", "person", "product", "organisation"];
  const mine = "(name like 'Checked%' or name = 'Handed over')";
  const statements = [
    "delete from public.import",
    ...modules.flatMap((module) => [
      `delete from public.search_word where record_id in (select id from public.${module} where ${mine})`,
      `delete from public.${module} where ${mine}`,
    ]),
    // Who stands in the sign-in log stays.
    "delete from access.users u where name like 'Checked%' and not exists (select from access.sign_in s where s.user_id = u.id)",
    "delete from access.groups where name like 'Checked%'",
    "delete from access.territory where name like 'Checked%'",
  ];
  await asOwner(tenancy, tenant)(statements.join("; "));
}

/** What a plain connection as the tenant's role sees with this session's token, whatever the program would ask. */
export async function idsBySql(
  tenancy: Tenancy,
  tenant: Tenant,
  token: string,
  module: OracleModule,
): Promise<string[]> {
  const client = await tenancy.pool(tenant).connect();
  try {
    await client.query("begin read only");
    await client.query("select access.enter($1)", [token]);
    const { rows } = await client.query<{ id: string }>(
      `select id from public.${module} where deleted_at is null`,
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.query("rollback");
    client.release();
  }
}
