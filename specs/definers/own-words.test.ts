import { randomUUID } from "node:crypto";
import type { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDoor } from "#core/index.ts";
import { openPlainSql, type Asker, type PlainSql } from "./plain-sql.ts";

let sql: PlainSql;
beforeAll(async () => {
  sql = await openPlainSql();
});
afterAll(() => sql[Symbol.asyncDispose]());

const anImport = (id: string, { module = "organisation", columns = "[]" }) =>
  `insert into public.import (id, user_id, module, file_name, state, dialect, columns, mapping, rows, words_from)
    values ('${id}', access.user_id(), $$${module}$$, 'x.csv', 'done', '{}', '${columns}', '{}', 1, '${"0".repeat(8)}-0000-0000-0000-000000000000')`;

test("what somebody writes as the module of his import is no statement of the owner's", async () => {
  const door = await sql.api.tenancy.asOwner(sql.api.tenant, openDoor);
  const levels = () => sql.asOwner("select name, level from access.users order by id");
  const before = await levels();
  const statement = "update access.users set level = 99 where name = 'limited'";
  const modules = [
    `organisation(null, null, null); ${statement}; select public.add_words_of_organisation`,
    "organisation(null, null, null), public.add_words_of_person",
    "user",
    '"',
  ];
  for (const module of modules) {
    const id = randomUUID();
    expect(await sql.commit("limited", anImport(id, { module }))).not.toHaveProperty("code");
    const asked = JSON.stringify({ id, records: 10 });
    const proof = door("public.add_words_of_import", asked);
    const told = await sql.asRole("select public.add_words_of_import($1, $2) as more", [asked, proof]);
    expect({ module, told }).toEqual({ module, told: [{ more: false }] });
  }
  expect(await levels()).toEqual(before);
});

test("an import whose columns are no list is not kept, where erasing its record would stumble over it", async () => {
  for (const columns of ['{"a": 1}', '"a"', "1", "null"])
    expect(await sql.commit("limited", anImport(randomUUID(), { columns }))).toEqual({ code: "23514" });
});

test("nobody changes anything in a snapshot: two who take each other's last rights away leave one", async () => {
  await sql.asOwner("insert into access.users (name, full_name, level) values ('second', 'Second', 99)");
  for (const level of ["repeatable read", "serializable"]) {
    const [one, other] = [
      await inTransaction("administrator", level),
      await inTransaction("administrator", level),
    ];
    await one.query("update access.users set level = 61 where name = 'second'");
    await one.query("commit");
    await other.query("update access.users set level = 61 where name = 'admin'");
    await other.query("commit");
    const insert = "insert into public.product (id, name) values (gen_random_uuid(), 'In a snapshot')";
    const late = await inTransaction("administrator", level);
    await expect(late.query(insert)).rejects.toMatchObject({ code: "42501" });
    await Promise.all([one, other, late].map((client) => client.end()));
  }
  const names = "name in ('admin', 'second')";
  expect(await sql.asOwner(`select level from access.users where ${names}`)).toEqual([
    { level: 99 },
    { level: 99 },
  ]);
});

test("who keeps a transaction open is nobody in it once his session has ended by its time", async () => {
  const client = await inTransaction("display", "read committed");
  const who = async () => (await client.query("select access.user_id() as id")).rows;
  expect(await who()).toEqual([{ id: sql.ids["display"] }]);
  await sql.asOwner(
    `update access.session set ends_at = statement_timestamp() where user_id = ${sql.ids["display"]}`,
  );
  expect(await who()).toEqual([{ id: null }]);
  await client.end();
  await sql.asOwner("update access.session set ends_at = now() + interval '1 day'");
});

test("a limited administrator adds territories below his own, not at the top nor below none", async () => {
  const add = (parent: number | undefined) =>
    sql.ask(
      "limited",
      `insert into access.territory (name, parent_id) values ('Added', ${parent ?? "null"})`,
    );
  expect(await add(undefined)).toEqual({ code: "SR004" });
  expect(await add(0)).toEqual({ code: "SR004" });
  expect(await add(sql.ids["central"])).toEqual({ code: "SR004" });
  expect(await add(sql.ids["east"])).not.toHaveProperty("code");
});

test("a user's version counts every change, so nobody makes himself one whom nobody can change any more", async () => {
  const { limited } = sql.ids;
  const version = async () =>
    (await sql.asOwner(`select version from access.users where id = ${limited}`))[0].version as number;
  const before = await version();
  expect(
    await sql.commit("limited", `update access.users set version = 2147483647 where id = ${limited}`),
  ).not.toHaveProperty("code");
  expect(await version()).toBe(before + 1);
});

test("what one user holds by a name is free for another", async () => {
  const client = await inTransaction("display", "read committed");
  const held = "select access.hold('import x', false) as held";
  expect((await client.query(held)).rows).toEqual([{ held: true }]);
  expect(await sql.ask("limited", held)).toEqual({ row: { held: true } });
  expect(await sql.ask("display", held)).toEqual({ row: { held: false } });
  await client.end();
});

async function inTransaction(asker: Asker, level: string): Promise<Client> {
  const client = await sql.api.tenancy.connectAs(sql.api.tenant, sql.api.tenant.databaseName);
  await client.query(`begin isolation level ${level}`);
  await client.query("select access.enter($1)", [sql.token(asker)]);
  return client;
}
