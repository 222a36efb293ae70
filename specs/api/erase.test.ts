import { afterAll, beforeAll, expect, test } from "vitest";
import { upload } from "#testing/imports.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
let admin: Browser;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
});
afterAll(() => api.close());

const add = async (path: string, fields: object) => (await admin.ask("POST", `/api/${path}`, fields)).body;
const bin = async (path: string, { id, version }: { id: string; version: number }) =>
  (await admin.ask("DELETE", `/api/${path}/${id}`, undefined, { headers: { "if-match": `"${version}"` } }))
    .body;
const erase = (browser: Browser, path: string, { id, version }: { id: string; version: number }) =>
  browser.ask("POST", `/api/${path}/${id}/erase`, {}, { headers: { "if-match": `"${version}"` } });

/** Every table's rows that hold the text, as the owner sees them. */
const tablesWith = (text: string) =>
  api.tenancy.asOwner(api.tenant, async (owner) => {
    const { rows: tables } = await owner.query(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('public', 'access')",
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const { rowCount } = await owner.query(`select from ${name} t where t::text ilike $1 limit 1`, [
        `%${text}%`,
      ]);
      if (rowCount) found.push(name);
    }
    return found;
  });

test("a record of every module is erased for good, whatever fields it has", async () => {
  const organisation = (await add("organisations", { name: "Above" })).id;
  const records = {
    organisations: { name: "Zyxwvut Organisation", email: "zyxwvut@example.com" },
    persons: { lastName: "Zyxwvut", organisation },
    opportunities: { name: "Zyxwvut Deal", stage: "won", value: 5, currency: "USD", reference: "Zyxwvut 1" },
    activities: { name: "Zyxwvut Call", kind: "call", dueAt: "2026-01-02T10:00:00Z" },
    products: { name: "Zyxwvut Product", price: 7, currency: "DKK" },
  };
  for (const [path, fields] of Object.entries(records)) {
    const { status } = await erase(admin, path, await bin(path, await add(path, fields)));
    expect({ path, status, left: await tablesWith("zyxwvut") }).toEqual({ path, status: 200, left: [] });
  }
});

test("what is erased from the bin is in no table any more, and the log says who erased it", async () => {
  const organisation = await add("organisations", { name: "Stays" });
  const key = "0b8e8e0e-7f6a-4b52-9d0a-1a7d2f1f3c11";
  const { body: person } = await admin.ask(
    "POST",
    "/api/persons",
    { lastName: "Unforgotten", organisation: organisation.id, email: "unforgotten@example.com" },
    { headers: { "idempotency-key": key } },
  );
  const activity = await add("activities", { name: "Call", kind: "call", person: person.id });
  const before = await tablesWith("unforgotten");
  expect(before).toEqual(expect.arrayContaining(["public.person", "public.search_word", "public.audit"]));
  expect((await erase(admin, "persons", person)).status).toBe(404);
  const binned = await bin("persons", person);
  expect((await erase(admin, "persons", binned)).status).toBe(200);
  expect(await tablesWith("unforgotten")).toEqual([]);
  expect((await admin.ask("GET", `/api/persons/${person.id}`)).status).toBe(404);
  expect((await admin.ask("GET", `/api/activities/${activity.id}`)).body).toMatchObject({
    name: "Call",
    person: null,
  });
  const log = await api.tenancy.asOwner(api.tenant, async (owner) => {
    const { rows } = await owner.query(
      "select action, user_id, detail from public.audit where record_id = $1 and detail is not null order by seq",
      [person.id],
    );
    return rows;
  });
  expect(log.map(({ action }) => action)).toEqual(["person.create", "person.delete", "person.erase"]);
  expect(log.at(-1)).toMatchObject({ user_id: 1, detail: { changes: [] } });
});

test("an organisation is not erased from under its persons", async () => {
  const organisation = await add("organisations", { name: "Needed" });
  const person = await add("persons", { lastName: "Needs it", organisation: organisation.id });
  const binned = await bin("organisations", organisation);
  const refused = await erase(admin, "organisations", binned);
  expect({ status: refused.status, code: refused.body.error.code }).toEqual({
    status: 409,
    code: "referred_to",
  });
  expect((await admin.ask("GET", `/api/organisations/${organisation.id}`)).body.name).toBe("Needed");
  await erase(admin, "persons", await bin("persons", person));
  expect((await erase(admin, "organisations", binned)).status).toBe(200);
});

test("a manager who may delete everything but administers nobody may not erase, nor may a stale page", async () => {
  const { name, password } = await api.aUser({ name: "manager", level: 70 });
  const manager = await api.signedIn(name, password);
  const binned = await bin("organisations", await add("organisations", { name: "In the bin" }));
  expect((await erase(manager, "organisations", binned)).status).toBe(403);
  expect((await erase(admin, "organisations", { ...binned, version: 1 })).status).toBe(409);
  expect((await admin.ask("GET", `/api/organisations/${binned.id}`)).body.name).toBe("In the bin");
});

test("a file that was never run goes when it names who is erased, in whatever letters it is written", async () => {
  const organisation = await add("organisations", { name: "Employs" });
  const person = await add("persons", { lastName: "Søndergård-Unforgotten", organisation: organisation.id });
  const file = "Last name,Organisation\nSøndergård-Unforgotten,Employs\n";
  const named = [
    await upload(admin, "person", file),
    await upload(admin, "person", Buffer.from(file, "latin1")),
  ];
  const other = await upload(admin, "person", "Last name,Organisation\nSomebody Else,Employs\n");
  expect((await erase(admin, "persons", await bin("persons", person))).status).toBe(200);
  const status = async ({ body }: typeof other) => (await admin.ask("GET", `/api/imports/${body.id}`)).status;
  for (const each of named) expect(await status(each)).toBe(404);
  expect(await status(other)).toBe(200);
});

test("a record that was renamed hundreds of times is erased for good, with what was typed to find it by then", async () => {
  const admin = api.asAdministrator;
  const { id } = (await admin.ask("POST", "/api/organisations", { name: "Its last name" })).body;
  const renamed = (count: string) => `'Name ' || ${count} || ' ' || repeat(md5((${count})::text), 5)`;
  await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      `insert into public.audit (action, outcome, module, record_id, detail) select 'organisation.change', 'done', 'organisation', $1,
        jsonb_build_object('changes', jsonb_build_array(jsonb_build_object('field', 'name', 'before', ${renamed("n")}, 'after', ${renamed("n + 1")})))
        from generate_series(1, 600) n`,
      [id],
    ),
  );
  await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      `insert into public.audit (action, outcome, detail) select 'search', 'done', jsonb_build_object('q', typed)
        from unnest(array[${renamed("300")}, 'its last NAME', 'Name', 'somebody else']) typed`,
    ),
  );
  const asked = (version: number) => ({ headers: { "if-match": String(version) } });
  expect((await admin.ask("DELETE", `/api/organisations/${id}`, undefined, asked(1))).status).toBe(200);
  expect((await admin.ask("POST", `/api/organisations/${id}/erase`, {}, asked(2))).status).toBe(200);
  const { rows } = await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      "select detail ->> 'q' as q from public.audit where action = 'search' and detail ->> 'q' ~* 'name|somebody'",
    ),
  );
  expect(rows.map(({ q }) => q)).toEqual(["somebody else"]);
});
