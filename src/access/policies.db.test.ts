import { readFile } from "node:fs/promises";
import type { ClientBase } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { policiesMigration, shippedLevelsSql } from "#access/index.ts";
import { allModules } from "#modules/index.ts";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";

let tenancy: TestTenancy;
beforeAll(async () => {
  tenancy = await openTestTenancy();
});
afterAll(() => tenancy.close());

const modules = allModules.map(({ name }) => name);

test("the policies that run, after all migrations, are those compiled from the one rule", async () => {
  const tenant = await tenancy.aTenant();
  const standing = () => tenancy.asOwner(tenant, policiesOf);
  const migrated = await standing();
  await tenancy.asOwner(tenant, (owner) => owner.query(policiesMigration(modules)));
  expect(await standing()).toEqual(migrated);
  expect(migrated.length).toBeGreaterThan(20);
});

/** Everything that decides in the database: policies, the functions compiled from the rule, and when they are asked. */
async function policiesOf(owner: ClientBase): Promise<string[]> {
  const { rows } = await owner.query<{ it: string }>(
    `select format('%s %s %s %s %s %s', tablename, policyname, permissive, cmd, qual, with_check) as it from pg_policies
       where schemaname = 'public' and tablename = any ($1)
     union all select pg_get_functiondef(p.oid) from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'access' and p.proname in ('not_edited', 'allows', 'check_verbs', 'who_may', 'out_of_sight')
     union all select pg_get_triggerdef(t.oid) from pg_trigger t join pg_proc p on p.oid = t.tgfoid where p.proname = 'check_verbs'
     union all select c.relname || c.relrowsecurity || c.relforcerowsecurity from pg_class c
       where c.relnamespace = 'public'::regnamespace and c.relname = any ($1)
     order by 1`,
    [modules],
  );
  return rows.map(({ it }) => it);
}

test("the levels every tenant starts with are the shipped ones", async () => {
  expect(await readFile("migrations/tenant/0005-levels.sql", "utf8")).toBe(shippedLevelsSql());
});

test("every table of a tenant enforces row security, also against its owner, except those the runtime role cannot reach at all", async () => {
  const tenant = await tenancy.aTenant();
  const { rows } = await tenancy.pool(tenant).query<{ name: string }>(`
    select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname in ('public', 'access') and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
      and (has_table_privilege(c.oid, 'select, insert, update, delete') or has_any_column_privilege(c.oid, 'select, insert, update'))`);
  expect(rows.map((row) => row.name).sort()).toEqual(
    ["schema_version", "stage"].filter((name) => rows.some((row) => row.name === name)),
  );
});

test("somebody without a session sees nothing and adds nothing", async () => {
  const tenant = await tenancy.aTenant();
  const pool = tenancy.pool(tenant);
  for (const module of modules) expect((await pool.query(`select from ${module}`)).rowCount).toBe(0);
  await expect(
    pool.query("insert into organisation (id, name) values (gen_random_uuid(), 'X')"),
  ).rejects.toMatchObject({ code: "42501" });
});
