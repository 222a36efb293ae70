import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlainSql, type PlainSql } from "./plain-sql.ts";

let sql: PlainSql;
beforeAll(async () => {
  sql = await openPlainSql();
});
afterAll(() => sql[Symbol.asyncDispose]());

const outOfMeasure = { code: "23514" };

test("every table that the tenant's login role writes has a measure", async () => {
  const unmeasured = await sql.asOwner(`select c.oid::regclass::text as name from pg_class c
    where c.relkind = 'r' and c.relnamespace in ('public'::regnamespace, 'access'::regnamespace)
      and (has_any_column_privilege('strongroom_runtime', c.oid, 'INSERT') or has_any_column_privilege('strongroom_runtime', c.oid, 'UPDATE'))
      and not exists (select from pg_constraint k where k.conrelid = c.oid and k.conname = 'within_measure')`);
  expect(unmeasured).toEqual([]);
});

test("nobody keeps a text so large that the program, reading it for a colleague, would end", async () => {
  const large = "repeat('x', 2000000)";
  const made = "insert into public.organisation (id, name, notes) values (gen_random_uuid(), 'Large'";
  expect(await sql.ask("administrator", `${made}, ${large})`)).toEqual(outOfMeasure);
  expect(await sql.ask("administrator", `${made}, repeat('x', 30000))`)).not.toHaveProperty("code");
  const view = `insert into public.saved_view (user_id, module, columns) values (access.user_id(), 'product', array[${large}])`;
  expect(await sql.ask("display", view)).toEqual(outOfMeasure);
  const name = `update access.users set full_name = ${large} where id = ${sql.ids["within"]}`;
  expect(await sql.ask("limited", name)).toEqual(outOfMeasure);
});

test("nobody keeps a time or a number that no list can show", async () => {
  const task = (value: string) =>
    `insert into public.activity (id, name, kind, due_at) values (gen_random_uuid(), 'Task', 'task', '${value}')`;
  for (const value of ["infinity", "-infinity", "0044-03-15 BC", "20000-01-01"])
    expect({ value, ...(await sql.ask("administrator", task(value))) }).toEqual({ value, ...outOfMeasure });
  for (const value of ["1000-01-01", "9998-12-31 23:59:59"])
    expect(await sql.ask("administrator", task(value))).not.toHaveProperty("code");
  const price = "insert into public.product (id, name, price) values (gen_random_uuid(), 'Priceless', 'NaN')";
  expect(await sql.ask("administrator", price)).toEqual(outOfMeasure);
});
