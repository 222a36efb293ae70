import { readFile } from "node:fs/promises";
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

test("the policies that run are those compiled from the one rule", async () => {
  expect(await readFile("migrations/tenant/0004-policies.sql", "utf8")).toBe(policiesMigration(modules));
});

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
