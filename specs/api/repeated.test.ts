import { randomUUID } from "node:crypto";
import { copyFile, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { aFolderOfMigrations } from "#testing/migrations.ts";
import { openTestTenancy } from "#testing/postgres.ts";

let api: TestApi;
let admin: Browser;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
});
afterAll(() => api.close());

type Body = Record<string, any>;
const keyed = () => ({ headers: { "idempotency-key": randomUUID() } });
const asOwner = async <Row extends Body>(text: string, values: unknown[] = []) =>
  await api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query<Row>(text, values)).rows);

test("a form sent twice is answered with the record as it is now, and the log says that it was repeated", async () => {
  const key = keyed();
  const { body: made } = await admin.ask("POST", "/api/organisations", { name: "Sent twice" }, key);
  await admin.ask(
    "PATCH",
    `/api/organisations/${made.id}`,
    { city: "Ribe" },
    { headers: { "if-match": '"1"' } },
  );
  const again = await admin.ask("POST", "/api/organisations", { name: "Sent twice" }, key);
  expect([again.status, again.body.id, again.body.city]).toEqual([201, made.id, "Ribe"]);
  expect(
    await asOwner("select outcome from public.audit where record_id = $1 order by seq", [made.id]),
  ).toEqual(["done", "done", "repeated"].map((outcome) => ({ outcome })));
});

test("a form sent twice at the same moment makes one record, and a key is good for one act only", async () => {
  for (let round = 0; round < 5; round++) {
    const [key, form] = [keyed(), { name: `At once ${round}` }];
    const send = () => admin.ask("POST", "/api/organisations", form, key);
    const ids = (await Promise.all([send(), send(), send()])).map(({ body }) => body.id as string);
    expect(new Set(ids)).toEqual(new Set([ids[0]]));
    expect(await asOwner("select id from public.organisation where name = $1", [form.name])).toHaveLength(1);
  }
  const { body: made } = await admin.ask("POST", "/api/organisations", { name: "Comes and goes" });
  const { headers } = keyed();
  const act = (method: string, path: string, version: number) =>
    admin.ask(method, `/api/organisations/${made.id}${path}`, undefined, {
      headers: { ...headers, "if-match": `"${version}"` },
    });
  const { body: binned } = await act("DELETE", "", 1);
  expect((await act("POST", "/restore", binned.version)).body.error).toMatchObject({
    code: "duplicate",
    field: "Idempotency-Key",
  });
});

test("who no longer sees a record is not shown it by sending its form again", async () => {
  const [{ body: east }, { body: west }] = [
    await admin.ask("POST", "/api/territories", { name: "East" }),
    await admin.ask("POST", "/api/territories", { name: "West" }),
  ];
  const user = await api.aUser({
    name: "eastern",
    level: 70,
    territories: [east.id],
    homeTerritory: east.id,
  });
  const eastern = await api.signedIn(user.name, user.password);
  const key = keyed();
  const form = { name: "Moved away", notes: "secret" };
  const { body: made } = await eastern.ask("POST", "/api/organisations", form, key);
  await asOwner("update public.organisation set territory_id = $1, territory_set = true where id = $2", [
    west.id,
    made.id,
  ]);
  const again = await eastern.ask("POST", "/api/organisations", form, key);
  expect(again.status).toBe(404);
  expect(again.text).not.toContain("secret");
});

test("an erased person is not in what is remembered: a repeat is a request of its own", async () => {
  const { body: organisation } = await admin.ask("POST", "/api/organisations", { name: "Employer" });
  const key = keyed();
  const form = { lastName: "Unforgotten", organisation: organisation.id };
  const { body: person } = await admin.ask("POST", "/api/persons", form, key);
  expect(await remembered(key)).toEqual([{ result: { id: person.id, version: 1 } }]);
  const at = `/api/persons/${person.id}`;
  const { body: binned } = await admin.ask("DELETE", at, undefined, { headers: { "if-match": '"1"' } });
  await admin.ask("POST", `${at}/erase`, {}, { headers: { "if-match": `"${binned.version}"` } });
  const again = await admin.ask("POST", "/api/persons", form, key);
  expect(again.body.id).not.toBe(person.id);
});

test("a new password is told once: the repeat says that it was done, and nothing of it is kept", async () => {
  const key = keyed();
  const form = { name: "newcomer", fullName: "New Comer", level: 61 };
  const { body, status } = await admin.ask("POST", "/api/users", form, key);
  expect([status, typeof body.password]).toEqual([201, "string"]);
  const again = await admin.ask("POST", "/api/users", form, key);
  expect([again.status, again.body.error.code]).toEqual([409, "done_before"]);
  expect(again.text).not.toContain(body.password);
  expect(await remembered(key)).toEqual([{ result: {} }]);
  const reset = keyed();
  const { body: renewed } = await admin.ask("POST", `/api/users/${body.user.id}/password`, {}, reset);
  expect((await admin.ask("POST", `/api/users/${body.user.id}/password`, {}, reset)).body.error.code).toBe(
    "done_before",
  );
  expect(JSON.stringify(await asOwner("select * from public.idempotency"))).not.toContain(renewed.password);
});

test("after a day it is forgotten, with everything else of that age", async () => {
  const key = keyed();
  const { body: first } = await admin.ask("POST", "/api/organisations", { name: "Yesterday" }, key);
  await asOwner("update public.idempotency set at = at - interval '25 hours'");
  const { body: second } = await admin.ask("POST", "/api/organisations", { name: "Yesterday" }, key);
  expect(second.id).not.toBe(first.id);
  expect(await asOwner("select result from public.idempotency")).toEqual([
    { result: { id: second.id, version: 1 } },
  ]);
});

test("what a restore brings back of older answers is cut down to id and version", async () => {
  await asOwner(
    `insert into public.idempotency (user_id, key, action, input_hash, result)
     values (1, gen_random_uuid(), 'organisation.create', '', '{"id": "x", "version": 3, "name": "Told", "password": "p"}')`,
  );
  expect(await asOwner("select result from public.idempotency where input_hash = ''")).toEqual([
    { result: { id: "x", version: 3 } },
  ]);
});

test("an upgrade takes the answers and passwords kept until then out of every tenant's database", async () => {
  const shipped = resolve(import.meta.dirname, "../../migrations/tenant");
  const names = (await readdir(shipped)).sort();
  const upgrade = names.findIndex((name) => name.endsWith("-remember-less.sql"));
  const folder = await aFolderOfMigrations({});
  const take = (some: string[]) =>
    Promise.all(some.map((name) => copyFile(join(shipped, name), join(folder, name))));
  await take(names.slice(0, upgrade));
  await using tenancy = await openTestTenancy({ migrations: { tenant: folder } });
  const tenant = await tenancy.aTenant();
  await tenancy.asOwner(tenant, (owner) =>
    owner.query(`
      insert into access.users (name, full_name, level) values ('old', 'Old Hand', 99);
      insert into public.idempotency (user_id, key, action, input_hash, result)
      select id, gen_random_uuid(), action, '', result::jsonb from access.users, (values
        ('user.create', '{"user": {"id": 7}, "password": "plain"}'),
        ('organisation.create', '{"id": "x", "version": 1, "name": "Told"}')) kept(action, result)`),
  );
  await take(names.slice(upgrade));
  expect((await tenancy.migrateAll()).failed).toEqual([]);
  const { rows } = await tenancy.asOwner(tenant, (owner) =>
    owner.query("select action, result from public.idempotency"),
  );
  expect(rows).toEqual([{ action: "organisation.create", result: { id: "x", version: 1 } }]);
});

const remembered = ({ headers }: ReturnType<typeof keyed>) =>
  asOwner("select result from public.idempotency where key = $1", [headers["idempotency-key"]]);
