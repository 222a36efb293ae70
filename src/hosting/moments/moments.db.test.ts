import { afterAll, beforeAll, expect, test } from "vitest";
import { withClient } from "#platform/postgres/index.ts";
import type { Browser } from "#testing/api.ts";
import { askAt, now, openMomentHost, type MomentHost } from "#testing/moments.ts";
import { decideRequest } from "../requests/decide.ts";
import { nextApproved } from "../requests/requests.store.ts";
import { workOffRequest } from "../requests/work-off.ts";
import { findMoment } from "./moments.store.ts";
import { writableThings } from "./shut-writes.store.ts";

let all: MomentHost;
let admin: Browser;
let east: Browser;
let eastUser: { id: number; name: string; password: string };
let places: { east: number; west: number };
let at: Date;
let moment: string;

const add = async (path: string, fields: object) => (await admin.ask("POST", `/api/${path}`, fields)).body;
const remove = (path: string, { id, version }: { id: string; version: number }) =>
  admin.ask("DELETE", `/api/${path}/${id}`, undefined, { headers: { "if-match": `"${version}"` } });
const namesAt = async (browser: Browser, id = moment) => {
  const { status, body } = await askAt(browser, id, "GET", "/api/organisations?columns=name&sort=name");
  return status === 200 ? body.items.map(({ name }: { name: string }) => name) : body.error.code;
};
const databaseOf = async (id: string) =>
  (await findMoment(all.host.tenancy.registry, all.served.tenant.id, id))!.databaseName;
const connectionTo = async (id: string) => ({
  ...all.host.server.connection,
  database: await databaseOf(id),
});

let erased: { id: string; version: number };

beforeAll(async () => {
  all = await openMomentHost();
  admin = all.admin;
  const territory = async (name: string) => (await add("territories", { name })).id as number;
  places = { east: await territory("East"), west: await territory("West") };
  eastUser = await all.served.aUser({ name: "east", level: 70, territories: [places.east] });
  east = await all.served.signedIn(eastUser.name, eastUser.password);
  await add("organisations", { name: "Eastern", territory: places.east });
  await add("organisations", { name: "Western", territory: places.west });
  const gone = await add("organisations", { name: "Gone from the east", territory: places.east });
  erased = await add("organisations", { name: "To be erased", territory: places.east });
  at = await now();
  await remove("organisations", gone);
  await add("organisations", { name: "New in the east", territory: places.east });
}, 120_000);
afterAll(() => all.close());

test("an administrator asks for a moment beside the present, the host approves, and it is there for all under their own rights", async () => {
  const asked = { kind: "moment", target: at.toISOString(), reason: "To look" };
  const { status, body } = await admin.ask("POST", "/api/restores", asked);
  expect(status).toBe(201);
  const { tenancy } = all.host;
  await decideRequest(tenancy, body.id, { by: "the test", because: null, state: "approved" });
  await workOffRequest(all.recovery, (await nextApproved(tenancy.registry))!, new Date());
  const moments = (await east.ask("GET", "/api/moments")).body.items;
  expect(moments).toMatchObject([{ at: at.toISOString() }]);
  moment = moments[0].id;
  const days = (Date.parse(moments[0].openUntil) - Date.now()) / 86_400_000;
  expect(days).toBeGreaterThan(6.9);
  expect(days).toBeLessThan(7.1);
  const [request] = (await admin.ask("GET", "/api/restores")).body.items;
  expect(request).toMatchObject({ kind: "moment", state: "done", keptUntil: moments[0].openUntil });
  expect(await namesAt(admin)).toEqual(["Eastern", "Gone from the east", "To be erased", "Western"]);
  expect(await namesAt(east)).toEqual(["Eastern", "Gone from the east", "To be erased"]);
  const { body: found } = await askAt(east, moment, "GET", "/api/search?q=gone");
  expect(JSON.stringify(found)).toContain("Gone from the east");
}, 60_000);

test("what was read at a moment is in the present's log and says so, and the moment's own log stays as it was", async () => {
  const rows = (text: string) =>
    all.host.tenancy.asOwner(all.served.tenant, async (owner) => (await owner.query(text)).rows[0]);
  await expect
    .poll(() =>
      rows(`SELECT count(*)::integer AS n FROM audit WHERE action = 'organisation.list' AND user_id = ${eastUser.id}
      AND detail ->> 'moment' = '${moment}' AND outcome = 'done'`),
    )
    .toEqual({ n: 1 });
  const own = await withClient(await connectionTo(moment), (client) =>
    client.query("SELECT max(at)::text AS at FROM public.audit"),
  );
  expect(new Date(own.rows[0].at).getTime()).toBeLessThan(at.getTime());
});

test("nothing can be changed at a moment: commands are refused with a sentence, and the tenant's role has nothing it could write", async () => {
  const change = await askAt(admin, moment, "POST", "/api/organisations", { name: "Then" });
  expect(change.status).toBe(409);
  expect(change.body.error).toMatchObject({
    code: "moment_read_only",
    message: "A moment is only to be looked at. Go back to the present to change something.",
  });
  const signIn = await askAt(all.served.browser(), moment, "POST", "/api/sign-in", {
    name: eastUser.name,
    password: eastUser.password,
  });
  expect(signIn.body.error.code).toBe("moment_read_only");
  expect(await writableThings(await connectionTo(moment))).toEqual([]);
  const pool = all.host.tenancy.pool({ ...all.served.tenant, databaseName: await databaseOf(moment) });
  for (const statement of [
    "INSERT INTO public.audit (action, outcome) VALUES ('x', 'done')",
    "UPDATE public.organisation SET name = 'x'",
    "SELECT public.open_audit_run('{}', '\\x00')",
    "SELECT access.touch_session()",
    "CREATE TEMP TABLE x ()",
  ])
    await expect(pool.query(`BEGIN READ WRITE; ${statement}`)).rejects.toMatchObject({ code: "42501" });
});

test("a moment of another tenant, a made-up one and a forged name are not there", async () => {
  const other = await all.host.tenancy.createTenant({ key: "other", name: "Other" });
  await all.host.tenancy.registry.query("UPDATE restores SET tenant_id = $1 WHERE id = $2", [
    other.id,
    moment,
  ]);
  expect(await namesAt(admin)).toBe("no_such_moment");
  await all.host.tenancy.registry.query("UPDATE restores SET tenant_id = $1 WHERE id = $2", [
    all.served.tenant.id,
    moment,
  ]);
  expect(await namesAt(admin, "00000000-0000-4000-8000-000000000000")).toBe("no_such_moment");
  const forged = await askAt(admin, "x' or 1=1", "GET", "/api/organisations");
  expect(forged.body.error).toMatchObject({ code: "invalid_input", field: "Strongroom-Moment" });
  const pool = all.host.tenancy.pool({ ...other, databaseName: await databaseOf(moment) });
  await expect(pool.query("SELECT 1")).rejects.toThrow("permission denied for database");
});

test("rights of today hold at the next request: less territory, a lower level, signed out, closed", async () => {
  const person = await all.served.aUser({
    name: "changing",
    level: 70,
    territories: [places.east, places.west],
  });
  const browser = await all.served.signedIn(person.name, person.password);
  expect(await namesAt(browser)).toHaveLength(4);
  let version = 1;
  const change = async (fields: object) => {
    const { status } = await admin.ask("PATCH", `/api/users/${person.id}`, fields, {
      headers: { "if-match": `"${version++}"` },
    });
    expect(status).toBe(200);
  };
  await change({ territories: [places.west] });
  expect(await namesAt(browser)).toEqual(["Western"]);
  // Territories may be moved below others; who is limited to the upper one has both then.
  await admin.ask("PATCH", `/api/territories/${places.east}`, { parent: places.west });
  expect(await namesAt(browser)).toHaveLength(4);
  await admin.ask("PATCH", `/api/territories/${places.east}`, { parent: null });
  expect(await namesAt(browser)).toEqual(["Western"]);
  await change({ level: 59 });
  expect(await namesAt(browser)).toEqual([]);
  await change({ level: 70 });
  expect(await namesAt(browser)).toEqual(["Western"]);
  await browser.ask("POST", "/api/sign-out");
  browser.cookies.set("__Host-strongroom", "x".repeat(43));
  expect(await namesAt(browser)).toBe("signed_out");
  const again = await all.served.signedIn(person.name, person.password);
  const token = again.cookies.get("__Host-strongroom")!;
  expect(await namesAt(again)).toEqual(["Western"]);
  await again.ask("POST", "/api/sign-out");
  again.cookies.set("__Host-strongroom", token);
  expect(await namesAt(again)).toBe("signed_out");
  const closed = await all.served.signedIn(person.name, person.password);
  expect(await namesAt(closed)).toEqual(["Western"]);
  await change({ active: false });
  expect(await namesAt(closed)).toBe("signed_out");
});

test("many who ask at once while rights change are all answered, each by the rights of then or of now", async () => {
  const person = await all.served.aUser({ name: "busy", level: 70, territories: [places.west] });
  const browser = await all.served.signedIn(person.name, person.password);
  const asked = Array.from({ length: 12 }, () => namesAt(browser));
  await admin.ask(
    "PATCH",
    `/api/users/${person.id}`,
    { territories: [places.east] },
    { headers: { "if-match": '"1"' } },
  );
  const answers = new Set((await Promise.all(asked)).map((names) => JSON.stringify(names)));
  const [west, eastern] = [["Western"], ["Eastern", "Gone from the east", "To be erased"]];
  for (const answer of answers) expect([west, eastern].map((each) => JSON.stringify(each))).toContain(answer);
  expect(await namesAt(browser)).toEqual(eastern);
});

test("what is erased for good while a moment is open is gone from it at the next request", async () => {
  const { body } = await remove("organisations", erased);
  await admin.ask(
    "POST",
    `/api/organisations/${erased.id}/erase`,
    {},
    {
      headers: { "if-match": `"${body.version}"` },
    },
  );
  expect(await namesAt(admin)).toEqual(["Eastern", "Gone from the east", "Western"]);
  const left = await withClient(await connectionTo(moment), (client) =>
    client.query("SELECT FROM public.organisation WHERE name = 'To be erased'"),
  );
  expect(left.rowCount).toBe(0);
});

test("a user or place whose number means another one today sees nothing of theirs", async () => {
  const to = await connectionTo(moment);
  // What a restore in between leaves behind: the numbers were given again.
  await withClient(to, (client) =>
    client.query(`BEGIN READ WRITE; SET session_replication_role = replica;
      UPDATE access.users SET created_at = created_at - interval '1 day', full_name = 'Former' WHERE id = ${eastUser.id};
      UPDATE public.organisation SET responsible_id = ${eastUser.id} WHERE name = 'Eastern'; COMMIT`),
  );
  await admin.ask("PATCH", `/api/users/${eastUser.id}`, { level: 59 }, { headers: { "if-match": '"1"' } });
  expect(await namesAt(east)).toEqual([]);
  const { body } = await askAt(admin, moment, "GET", "/api/organisations?sort=name");
  expect(body.items[0]).toMatchObject({ name: "Eastern", responsible: { id: -eastUser.id, name: "Former" } });
  await admin.ask("PATCH", `/api/users/${eastUser.id}`, { level: 70 }, { headers: { "if-match": '"2"' } });
});
