import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allRoutes } from "../../src/apps/all-routes.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { upload } from "#testing/imports.ts";
import { places } from "./places-of-records.ts";

type Body = Record<string, any>;
let api: TestApi;
let admin: Browser;
let [east, west]: number[] = [];
let eastern: Browser;
let viewer: Browser;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
  east = (await admin.ask("POST", "/api/territories", { name: "East" })).body.id;
  west = (await admin.ask("POST", "/api/territories", { name: "West" })).body.id;
  const manager = await api.aUser({ name: "eastern", level: 80, territories: [east!] });
  eastern = await api.signedIn(manager.name, manager.password);
  const displays = await api.aUser({ name: "viewer", level: 25 });
  viewer = await api.signedIn(displays.name, displays.password);
});
afterAll(() => api.close());

const rows = (text: string, values: unknown[] = []): Promise<Body[]> =>
  api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query(text, values)).rows);
const add = async (path: string, fields: object): Promise<Body> =>
  (await admin.ask("POST", `/api/${path}`, fields)).body;
const act = async (method: string, path: string, id: string, rest = "", body: object = {}) => {
  const { version } = (await admin.ask("GET", `/api/${path}/${id}`)).body;
  const { status } = await admin.ask(method, `/api/${path}/${id}${rest}`, body, {
    headers: { "if-match": `"${version}"` },
  });
  expect(status).toBe(200);
};

const ofDatabase = `select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
  where n.nspname in ('public', 'access') and c.relkind in ('r', 'p', 'm') and a.attnum > 0 and not a.attisdropped`;

test("every column that could hold a record or speak of one is on the list, and nothing else is", async () => {
  const found = await rows(
    `${ofDatabase} and format_type(a.atttypid, -1) !~ '^(integer|bigint|smallint|numeric|boolean|date|time|inet|oid|double)'
      and format_type(a.atttypid, -1) <> 'integer[]'`,
  );
  expect(found.map(({ name }) => name).sort()).toEqual([...places.keys()].sort());
});

test("what nobody may read is readable by no user's role, and all else only through its policy", async () => {
  const found = await rows(
    `select format('%s.%s.%s', n.nspname, c.relname, a.attname) as name, c.relrowsecurity and c.relforcerowsecurity as held,
       has_column_privilege('strongroom_runtime', c.oid, a.attnum, 'select') as readable
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_attribute a on a.attrelid = c.oid
     where format('%s.%s.%s', n.nspname, c.relname, a.attname) = any ($1)`,
    [[...places.keys()]],
  );
  const broken = found.filter(({ name, held, readable }) => {
    const { asked } = places.get(name)!;
    return asked === "nobody" ? readable : asked !== "anybody" && !held;
  });
  expect(broken).toEqual([]);
});

/** Everything that can be read by GET, asked about the record in every way its parameters allow. */
async function toldOf(browser: Browser, { id, name }: Body): Promise<string[]> {
  const told: string[] = [];
  const filter = JSON.stringify({ field: "name", op: "contains", value: name });
  for (const route of Object.keys(allRoutes())) {
    const [method, path = ""] = route.split(" ");
    if (method !== "GET" || path === "/stream") continue;
    const address = path
      .replace(":module", "organisation")
      .replace(/:(id|recordId)/g, id)
      .replace(/:\w+/g, randomUUID());
    for (const query of [{}, { filter }, { bin: "true" }, { bin: "true", filter }, { q: name }]) {
      const { text, body } = await browser.ask("GET", `/api${address}`, undefined, {
        query: query as Record<string, string>,
      });
      const counts = path.endsWith("/count") && "filter" in query && body?.count > 0;
      // A filter that was not understood may be repeated; that tells nothing the asker did not say.
      if (counts || (body?.error === undefined && (text.includes(id) || text.includes(name))))
        told.push(`${route} ${Object.keys(query).join()}`);
    }
  }
  return told;
}

test("a record that moved out of somebody's sight is told of by no route", async () => {
  const record = await add("organisations", { name: "Zebrafinch", territory: east });
  await add("activities", { name: "Call", kind: "call", organisation: record["id"], territory: east });
  expect((await toldOf(eastern, record)).length).toBeGreaterThan(3);
  await act("POST", "organisations", record["id"], "/reassign", { territory: west });
  expect(await toldOf(eastern, record)).toEqual([]);
});

test("a record in the bin is told of to who may not open it by its own address alone", async () => {
  const record = await add("organisations", { name: "Quokkaland" });
  await act("DELETE", "organisations", record["id"]);
  const own = new Set((await toldOf(viewer, record)).map((each) => each.replace(/ [a-z,]*$/, "")));
  expect([...own]).toEqual(["GET /organisations/:id", "GET /organisations/:id/timeline"]);
});

test("a record erased for good is told of by no route, and named in no place of the list", async () => {
  const organisation = await add("organisations", { name: "Stays" });
  const record = await add("persons", {
    firstName: "Wilhelmine",
    lastName: "Unforgotten-Person",
    organisation: organisation["id"],
    email: "wilhelmine@unforgotten.example",
  });
  await act("PATCH", "persons", record["id"], "", { lastName: "Remarried-Person" });
  // In every place where people type: searches letter by letter, filters, the door, files and their reports.
  for (const q of ["wilh", "Unforgotten-P", "remarried-person"])
    await admin.ask("GET", `/api/search?q=${encodeURIComponent(q)}`);
  const filter = JSON.stringify({ field: "name", op: "contains", value: "Remarried" });
  await admin.ask("GET", "/api/persons", undefined, { query: { filter } });
  await admin.ask("POST", "/api/persons/export", { filter });
  // A name nobody has is kept as a mark, in which no word can be read.
  await api.browser().ask("POST", "/api/sign-in", { name: "Wilhelmine Remarried-Person", password: "x" });
  const file = "First name,Last name,Organisation\nWilhelmine,Remarried-Person,Nowhere\n";
  const waiting = await upload(admin, "person", file);
  await rows("insert into public.import_report (import_id, lines) values ($1, $2)", [
    (await upload(admin, "organisation", "name\nAcme\n")).body.id,
    "3,Wilhelmine Remarried-Person,not found\r\n",
  ]);
  const { body: taken } = await upload(admin, "person", file, "Remarried-Person.csv");
  await rows("delete from public.import_file where import_id = $1", [taken.id]);
  const corrections = { organisation: { "Remarried-Person": null } };
  await rows("update public.import set state = 'done', corrections = $2 where id = $1", [
    taken.id,
    corrections,
  ]);
  await rows("insert into public.import_memory values (1, 'person', '{}', $1)", [corrections]);
  await rows(
    `insert into public.take_back (id, user_id, moment_id, moment_at, state) values ($1, 1, $1, now(), 'done')`,
    [waiting.body.id],
  );
  await rows(
    `insert into public.take_back_record (take_back_id, seq, module, record_id, name) values ($1, 1, 'person', $2, 'Wilhelmine')`,
    [waiting.body.id, record["id"]],
  );
  await expect.poll(() => named("remarried")).toContain("public.audit.detail");
  expect(await named("remarried")).toEqual(
    expect.arrayContaining([
      "public.import.columns",
      "public.import.corrections",
      "public.import.file_name",
      "public.import_file.content",
      "public.import_memory.corrections",
      "public.import_report.lines",
      "public.person.last_name",
      "public.search_word.word",
    ]),
  );
  await act("DELETE", "persons", record["id"]);
  await act("POST", "persons", record["id"], "/erase");
  for (const word of ["remarried", "unforgotten", "wilhelmine"]) expect(await named(word)).toEqual([]);
  expect(await rows("select from public.audit where detail ->> 'q' in ('wilh', 'Unforgotten-P')")).toEqual(
    [],
  );
  expect(await toldOf(admin, { ...record, name: "Remarried" })).toEqual([]);
  // Who was named alone lost his words; what others typed stays.
  await admin.ask("GET", "/api/search?q=stays");
  await expect
    .poll(async () => (await rows("select from public.audit where detail ->> 'q' = 'stays'")).length)
    .toBe(1);
});

/** The columns of the database in which the word stands, bytes read as text. */
async function named(word: string): Promise<string[]> {
  const each = [...places.keys()].map((name) => {
    const [schema, table, column] = name.split(".");
    const text = name.endsWith(".content") ? "convert_from(content, 'UTF8')" : `"${column}"::text`;
    return `select '${name}' as name where exists (select from ${schema}."${table}" where ${text} ilike $1)`;
  });
  return (await rows(each.join(" union all "), [`%${word}%`])).map(({ name }) => name);
}
