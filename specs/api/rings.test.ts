import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newToken, tokenHash } from "#features/sign-in/index.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

// Nothing lies below itself, whoever puts it there, at whatever moment, and whatever of it he sees.

type Body = Record<string, any>;
let api: TestApi;
let admin: Browser;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
});
afterAll(() => api.close());

const add = async (fields: object): Promise<Body> =>
  (await admin.ask("POST", "/api/organisations", { name: randomUUID(), ...fields })).body;
const under = async (who: Browser, { id }: Body, parent: Body | null) => {
  const { version } = (await admin.ask("GET", `/api/organisations/${id}`)).body;
  const body = { parent: parent?.["id"] ?? null };
  return await who.ask("PATCH", `/api/organisations/${id}`, body, {
    headers: { "if-match": `"${version}"` },
  });
};
const isRing = async (id: string): Promise<boolean> =>
  await api.tenancy.asOwner(api.tenant, async (owner) => {
    const { rowCount } = await owner.query(
      `with recursive up (id) as (select parent_id from public.organisation where id = $1
         union select o.parent_id from up join public.organisation o on o.id = up.id)
       select from up where id = $1`,
      [id],
    );
    return rowCount !== 0;
  });

test("two who put two organisations below each other at once make no ring", async () => {
  for (let round = 0; round < 10; round += 1) {
    const [one, other] = [await add({}), await add({})];
    const answers = await Promise.all([under(admin, one, other), under(admin, other, one)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400]);
    expect(await isRing(one["id"])).toBe(false);
  }
});

test("in plain SQL neither, however the transactions are isolated", async () => {
  const pool = api.tenancy.pool(api.tenant);
  const token = newToken();
  await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      `insert into access.session (token_hash, user_id, idle_until, ends_at)
       values ($1, 1, now() + interval '1 day', now() + interval '1 day')`,
      [tokenHash(token)],
    ),
  );
  for (const isolation of ["read committed", "repeatable read"]) {
    const [one, other] = [await add({}), await add({})];
    const [first, second] = [await pool.connect(), await pool.connect()];
    try {
      for (const client of [first, second]) {
        await client.query(`begin isolation level ${isolation}`);
        await client.query("select access.enter($1)", [token]);
        await client.query("select from public.organisation limit 1");
      }
      const put = "update public.organisation set parent_id = $2 where id = $1";
      const done = async (client: typeof first, id: string, parent: string) => {
        await client.query(put, [id, parent]);
        await client.query("commit");
      };
      await Promise.allSettled([done(first, one["id"], other["id"]), done(second, other["id"], one["id"])]);
    } finally {
      for (const client of [first, second]) {
        await client.query("rollback");
        client.release();
      }
    }
    expect(await isRing(one["id"])).toBe(false);
  }
});

test("a ring through a parent that its maker does not see is refused by the field", async () => {
  const territory = async (name: string) => (await admin.ask("POST", "/api/territories", { name })).body.id;
  const [east, west] = [await territory("East"), await territory("West")];
  const user = await api.aUser({ name: "eastern", level: 70, territories: [east] });
  const eastern = await api.signedIn(user.name, user.password);
  const top = await add({ territory: east });
  const hidden = await add({ territory: west, parent: top["id"] });
  const low = await add({ territory: east, parent: hidden["id"] });
  const { status, body } = await under(eastern, top, low);
  expect({ status, issues: body.error.issues }).toMatchObject({
    status: 400,
    issues: [{ field: "parent", code: "own_ancestor" }],
  });
  expect(await isRing(top["id"])).toBe(false);
});

test("territories make no ring either, nor does an administrator of some move the tree", async () => {
  const made = async (parent: number | null) =>
    (await admin.ask("POST", "/api/territories", { name: randomUUID(), parent })).body.id as number;
  const one = await made(null);
  const other = await made(one);
  const answers = await Promise.all([
    admin.ask("PATCH", `/api/territories/${one}`, { parent: other }),
    admin.ask("PATCH", `/api/territories/${one}`, { parent: one }),
  ]);
  for (const { body } of answers) expect(body.error).toBeDefined();
  const user = await api.aUser({ name: "limited", level: 80, territories: [one] });
  const limited = await api.signedIn(user.name, user.password);
  expect((await limited.ask("PATCH", `/api/territories/${other}`, { parent: null })).status).toBe(403);
  const below = { name: randomUUID(), parent: one };
  expect((await limited.ask("POST", "/api/territories", below)).status).toBe(201);
});
