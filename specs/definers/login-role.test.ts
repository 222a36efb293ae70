import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlainSql, type PlainSql } from "./plain-sql.ts";

let sql: PlainSql;
beforeAll(async () => {
  sql = await openPlainSql();
});
afterAll(() => sql[Symbol.asyncDispose]());

const refused = { code: "42501" };

test("the tenant's login role makes no large object, no temporary table, no schema, and locks nothing by number", async () => {
  const statements = [
    "select lo_create(0)",
    "select lo_from_bytea(0, 'x')",
    "select lo_creat(-1)",
    "create temporary table t (x int)",
    "create table public.t (x int)",
    "create schema s",
    "create function pg_temp.f() returns int language sql as 'select 1'",
    "select pg_advisory_lock(n) from generate_series(1, 1000) n",
    "select pg_try_advisory_xact_lock(1)",
    "select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user",
    "select pg_notify('x', 'y')",
    "select access.hold(n::text, false) from generate_series(1, 1000) n",
  ];
  for (const statement of statements.slice(0, -1))
    expect({ statement, ...(await sql.ask("administrator", statement)) }).toEqual({ statement, ...refused });
  expect(await sql.ask("administrator", statements.at(-1) ?? "")).toEqual({ code: "53400" });
});

test("no table can be locked against others, and every column of a record can still be changed", async () => {
  const tables = await sql.asOwner(
    "select c.oid::regclass::text as name from pg_class c where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'access'::regnamespace)",
  );
  expect(tables.length).toBeGreaterThan(20);
  for (const { name } of tables)
    for (const mode of ["access exclusive", "share row exclusive", "share"])
      expect({
        name,
        mode,
        ...(await sql.ask("administrator", `lock table ${name} in ${mode} mode`)),
      }).toEqual({
        name,
        mode,
        ...refused,
      });
  const missing =
    await sql.asOwner(`select a.attrelid::regclass::text || '.' || a.attname as column from pg_attribute a
    where a.attrelid in ('public.organisation'::regclass, 'public.person'::regclass, 'public.product'::regclass, 'public.opportunity'::regclass,
      'public.activity'::regclass) and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      and not has_column_privilege('strongroom_runtime', a.attrelid, a.attnum, 'UPDATE')`);
  expect(missing, "a migration that adds a column calls access.grant_columns()").toEqual([]);
});

test("a role that changes its own password or settings finds both put back at the program's next connection", async () => {
  const { tenancy, tenant } = sql.api;
  const changed = [
    "alter role current_user password 'mine'",
    "alter role current_user set statement_timeout = 1",
    `alter role current_user in database ${tenant.databaseName} set default_transaction_read_only = on`,
  ];
  const pool = tenancy.pool(tenant);
  const both = () => Promise.all([pool.connect(), pool.connect()]);
  for (const statement of changed) {
    // No connection from before is left to be handed out.
    while (pool.totalCount > 0) (await pool.connect()).release(true);
    const client = await tenancy.connectAs(tenant, tenant.databaseName);
    await client.query(statement);
    await client.end();
    const clients = await both();
    for (const each of clients) {
      expect((await each.query("show statement_timeout")).rows).toEqual([{ statement_timeout: "0" }]);
      expect((await each.query("show default_transaction_read_only")).rows).toEqual([
        { default_transaction_read_only: "off" },
      ]);
    }
    for (const each of clients) each.release(true);
    await expect(
      tenancy.connectAs(tenant, tenant.databaseName).then((own) => own.end()),
    ).resolves.toBeUndefined();
  }
});
