import { withClient } from "#platform/postgres/index.ts";
import { ownerRole, runtimeRole, type Tenancy, type Tenant } from "#platform/tenancy/index.ts";

/** A moment beside the present, whose database belongs to its tenant until it is closed. */
const openMoment = "m.kind = 'moment' and m.state = 'done' and m.dropped_at is null and m.kept_until > now()";

export type Counted = { [name: string]: number };

/** Databases and roles of tenants' shape that the registry does not know, or knows and are not there. */
export async function unmatched({ registry }: Tenancy): Promise<Counted> {
  const { rows } = await registry.query<Counted>(`
    with known as (
      select database_name as name from tenants union select database_name from restores where dropped_at is null and state <> 'failed'
      union select replaced_database from restores where dropped_at is null and replaced_database is not null)
    select
      (select count(*) from tenants where not exists (select from pg_database where datname = database_name))::integer as "tenantsWithoutDatabase",
      (select count(*) from tenants where not exists (select from pg_roles where rolname = role_name))::integer as "tenantsWithoutRole",
      (select count(*) from pg_database where datname ~ '^t[a-z2-7]{26}$' and datname not in (select name from known))::integer as "databasesWithoutTenant",
      (select count(*) from pg_auth_members m join pg_roles r on r.oid = m.member where pg_get_userbyid(m.roleid) = '${runtimeRole}'
        and r.rolcanlogin and r.rolname not in (select role_name from tenants))::integer as "rolesWithoutTenant",
      (select count(*) from restores m where ${openMoment} and not exists (select from pg_database where datname = m.database_name))::integer as "momentsWithoutDatabase",
      (select count(*) from restores m join pg_database d on d.datname = m.database_name where ${openMoment} and not exists (
        select from pg_db_role_setting s where s.setdatabase = d.oid and s.setrole = 0 and 'default_transaction_read_only=on' = any (s.setconfig)))::integer as "momentsNotReadOnly",
      (select count(*) - count(distinct database_name) + count(*) - count(distinct role_name) from tenants)::integer as "shared"`);
  return rows[0] ?? {};
}

/** Pairs of a tenant's role and a database where the right to connect is not what it must be; and roles that may too much. */
export async function wrongRights({ registry }: Tenancy): Promise<Counted> {
  const { rows } = await registry.query<Counted>(`
    with pairs as (
      select t.role_name, d.datname, t.database_name = d.datname or exists (
        select from restores r where r.tenant_id = t.id and r.dropped_at is null and d.datname in (r.database_name, r.replaced_database)) as own,
        has_database_privilege(t.role_name, d.oid, 'connect') and d.datallowconn as connects
      from tenants t join pg_roles on rolname = t.role_name cross join pg_database d)
    select
      count(*)::integer as "pairs",
      (count(*) filter (where connects and not own))::integer as "foreignDoorsOpen",
      (select count(*) from restores m join tenants t on t.id = m.tenant_id join pg_database d on d.datname = m.database_name
        where ${openMoment} and not has_database_privilege(t.role_name, d.oid, 'connect'))::integer as "momentDoorsShut",
      (count(*) filter (where datname in (select database_name from tenants where tenants.role_name = pairs.role_name) and not connects))::integer as "ownDoorsShut",
      (select count(*) from tenants t join pg_roles r on r.rolname = t.role_name where r.rolsuper or r.rolbypassrls or r.rolcreatedb or r.rolcreaterole or r.rolreplication
        or exists (select from pg_auth_members m where m.member = r.oid and pg_get_userbyid(m.roleid) <> '${runtimeRole}')
        or exists (select from pg_database d where d.datdba = r.oid))::integer as "rolesThatMayTooMuch",
      (select count(*) from pg_roles where rolname = '${ownerRole}' and (rolcanlogin or rolsuper or rolbypassrls))::integer as "ownersThatMayTooMuch"
    from pairs`);
  return rows[0] ?? {};
}

/** Whether this tenant's role gets into a database when it really tries. */
export async function entersAs(tenancy: Tenancy, tenant: Tenant, database: string): Promise<boolean> {
  const { host, port, user, ssl, password } = tenancy.pool(tenant).options;
  const secret = await (password as () => Promise<string>)();
  try {
    await withClient(
      {
        host: host ?? "",
        port: port ?? 5432,
        user: user ?? "",
        ...(ssl === undefined ? {} : { ssl }),
        password: secret,
        database,
      },
      (client) => client.query("select 1"),
    );
    return true;
  } catch (error) {
    // Insufficient privilege, or a template that is closed to all; anything else is no answer to the question.
    if (["42501", "55000"].includes(String((error as { code?: string }).code))) return false;
    throw error;
  }
}
