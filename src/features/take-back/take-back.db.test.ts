import { afterAll, beforeAll, expect, test } from "vitest";
import { withClient } from "#platform/postgres/index.ts";
import type { Browser } from "#testing/api.ts";
import { besideMoment, byHand, type Change } from "#testing/by-hand.ts";
import { changeTenant, type ChangedTenant } from "#testing/changed-tenant.ts";
import { openMomentHost, type MomentHost } from "#testing/moments.ts";

let all: MomentHost;
let admin: Browser;
let moment: string;
let hand: ReturnType<typeof byHand>;
/** The administrator beside the moment. */
let beside: ReturnType<typeof besideMoment>;
let places: ChangedTenant["places"];
let before: ChangedTenant["before"];

const item = (module: string, { id, version }: { id: string; version: number | null }) => ({
  module,
  id,
  version,
});
const kinds: Record<string, [string, string]> = {
  Deal: ["opportunity", "opportunities"],
  Person: ["person", "persons"],
};
const names = (items: Change[]) => items.map(({ name }) => name).sort();

beforeAll(async () => {
  all = await openMomentHost();
  admin = all.admin;
  hand = byHand(admin);
  ({ before, places, moment } = await changeTenant(all));
  beside = besideMoment(admin, moment);
}, 120_000);
afterAll(() => all.close());

test("what changed since is exact and told by kind, page by page, with the fields of then and now", async () => {
  expect(names(await beside.changes("organisation", "deleted"))).toEqual(["Below", "Deleted"]);
  expect(names(await beside.changes("organisation", "new"))).toEqual(["New"]);
  const changed = await beside.changes("organisation", "changed");
  expect(names(changed)).toEqual(["Changed", "Moved west", "Western"]);
  expect(changed.find(({ name }) => name === "Changed")).toMatchObject({
    version: 2,
    changedBy: "Ada Administrator",
    fields: [
      { field: "city", before: "Aarhus", now: null },
      { field: "notes", before: "Then", now: "Now" },
    ],
  });
  expect(changed.find(({ name }) => name === "Moved west")?.fields).toMatchObject([
    { field: "territory", before: { name: "East" }, now: { name: "West" } },
  ]);
  const { body } = await admin.ask("GET", `/api/moments/${moment}/counts?module=organisation`);
  expect(body).toEqual({ deleted: 2, changed: 3, new: 1, next: null });
  expect(names(await beside.changes("person", "deleted"))).toEqual(["Person"]);
});

test("who is limited compares what he sees in both: others' places, and what left his sight, are not told", async () => {
  const signedIn = async (name: string, level: number) => {
    const person = await all.served.aUser({ name, level, territories: [places.east] });
    return await all.served.signedIn(person.name, person.password);
  };
  const own = await signedIn("salesperson", 59);
  expect(names(await besideMoment(own, moment).changes("organisation", "changed"))).toEqual([]);
  const browser = await signedIn("manager", 70);
  expect(names(await besideMoment(browser, moment).changes("organisation", "changed"))).toEqual(["Changed"]);
  expect(names(await besideMoment(browser, moment).changes("organisation", "deleted"))).toEqual([
    "Below",
    "Deleted",
  ]);
  const record = (name: string) =>
    browser.ask("GET", `/api/moments/${moment}/records/organisation/${before[name]!.id}`);
  expect((await record("Changed")).body).toMatchObject({
    kind: "changed",
    before: { notes: "Then" },
    now: { notes: "Now" },
  });
  expect((await record("Moved west")).status).toBe(404);
  expect((await record("Western")).status).toBe(404);
  expect((await record("Erased")).status).toBe(404);
  expect((await record("Same")).body).toMatchObject({ kind: "same", fields: [] });
});

test("chosen records are taken back in the order they need, whatever order they were chosen in", async () => {
  const chosen = ["Deal", "Below", "Person", "Deleted", "Changed", "Moved west"];
  const items = chosen.map(async (name) => {
    const [module, path] = kinds[name] ?? ["organisation", "organisations"];
    return item(module, await hand.show(path, before[name]!.id));
  });
  const { body } = await beside.take(await Promise.all(items));
  expect(body).toMatchObject({ state: "done", taken: 6, refused: 0 });
  const deal = await hand.show("opportunities", before["Deal"]!.id);
  expect(deal).toMatchObject({
    deletedAt: null,
    value: 100.5,
    organisation: { name: "Deleted" },
    person: { name: "Person" },
    version: 4,
  });
  expect(await hand.show("organisations", before["Below"]!.id)).toMatchObject({
    deletedAt: null,
    parent: { name: "Deleted" },
  });
  expect(await hand.show("organisations", before["Changed"]!.id)).toMatchObject({
    notes: "Then",
    city: "Aarhus",
  });
  expect(await hand.show("organisations", before["Moved west"]!.id)).toMatchObject({
    territory: { name: "East" },
  });
  expect(await beside.changes("organisation", "deleted")).toEqual([]);
  expect(names(await beside.changes("organisation", "changed"))).toEqual(["Western"]);
  expect(await beside.changes("opportunity", "deleted")).toEqual([]);

  const rows = await all.host.tenancy.asOwner(all.served.tenant, async (owner) => {
    const found = await owner.query(
      "SELECT detail FROM audit WHERE action = 'opportunity.take_back' AND record_id = $1",
      [before["Deal"]!.id],
    );
    return found.rows;
  });
  expect(rows).toMatchObject([
    { detail: { moment, takeBack: body.id, changes: [{ field: "value", before: 1, after: 100.5 }] } },
  ]);
});

test("undo puts each back as it was, but not what was changed since, and says so", async () => {
  const [last] = (await admin.ask("GET", "/api/take-backs")).body.items;
  await hand.change("organisations", before["Changed"]!.id, { notes: "Worked on since" });
  expect((await admin.ask("POST", `/api/take-backs/${last.id}/undo`, {})).status).toBe(202);
  expect(await beside.ended(last.id, "undone")).toMatchObject({ taken: 6, undone: 5 });
  expect(await hand.show("organisations", before["Changed"]!.id)).toMatchObject({ notes: "Worked on since" });
  expect((await hand.show("organisations", before["Deleted"]!.id)).deletedAt).not.toBeNull();
  expect(await hand.show("opportunities", before["Deal"]!.id)).toMatchObject({ value: 1 });
  expect(await hand.show("organisations", before["Moved west"]!.id)).toMatchObject({
    territory: { name: "West" },
  });
  const { items } = (await admin.ask("GET", `/api/take-backs/${last.id}/records?open=true`)).body;
  expect(items).toMatchObject([{ name: "Changed", undone: false, keptBecause: "changed_since" }]);
  expect((await admin.ask("POST", `/api/take-backs/${last.id}/undo`, {})).body.error.code).toBe(
    "wrong_state",
  );
});

test("what cannot be taken back is told record by record with its reason, and the rest goes on", async () => {
  const present = async (path: string, name: string) => hand.show(path, before[name]!.id);
  const western = await present("organisations", "Western");
  const made = await hand.add("organisations", { name: "Made since" });
  const { body } = await beside.take([
    item("organisation", { id: western.id, version: western.version - 1 }),
    item("organisation", await present("organisations", "Same")),
    item("person", await present("persons", "Person")),
    item("organisation", made),
    item("organisation", { id: before["Erased"]!.id, version: null }),
    item("organisation", await present("organisations", "Changed")),
  ]);
  expect(body).toMatchObject({ taken: 1, refused: 5 });
  const reasons = Object.fromEntries(
    (await beside.told(body.id)).map(({ name, reason, field }: Record<string, string>) => [
      name,
      [reason, field],
    ]),
  );
  expect(reasons).toEqual({
    Western: ["changed_since", null],
    Same: ["nothing_to_do", null],
    Person: ["reference_gone", "organisation"],
    "Made since": ["not_then", null],
    "": ["not_then", null],
    Changed: [null, null],
  });
});

test("nobody takes back more than he may change by hand, and nobody sees another's taking back", async () => {
  const attempt = async (level: number, territories: number[], module: string, name: string) => {
    const path = module === "organisation" ? "organisations" : "opportunities";
    const person = await all.served.aUser({ name: `level ${level} ${name}`, level, territories });
    const browser = await all.served.signedIn(person.name, person.password);
    const record = await hand.show(path, before[name]!.id);
    const { body } = await besideMoment(browser, moment).take([item(module, record)]);
    expect(await hand.show(path, before[name]!.id)).toEqual(record);
    expect((await admin.ask("GET", `/api/take-backs/${body.id}`)).status).toBe(404);
    return (await besideMoment(browser, moment).told(body.id))[0].reason;
  };
  expect(await attempt(25, [], "organisation", "Western")).toBe("no_edit");
  expect(await attempt(61, [], "organisation", "Moved west")).toBe("no_reassign");
  expect(await attempt(25, [], "organisation", "Deleted")).toBe("no_bin");
  expect(await attempt(61, [], "organisation", "Deleted")).toBe("no_delete");
  expect(await attempt(99, [places.east], "organisation", "Western")).toBe("not_then");
  expect(await attempt(99, [places.east], "organisation", "Moved west")).toBe("not_then");
});

test("all deleted records of a module come back by a job, and go again when it is undone", async () => {
  const { tenant } = all.served;
  const count = 450;
  // Records of then that were put into the bin since, in both databases.
  const insert = (deleted: boolean) =>
    `INSERT INTO public.product (id, name, deleted_at, responsible_id, created_by) SELECT ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid,
       'Product ' || i, ${deleted ? "now()" : "NULL"}, NULL, 1 FROM generate_series(1, ${count}) i`;
  await all.host.tenancy.asOwner(tenant, (owner) => owner.query(insert(true)));
  const { rows } = await all.host.tenancy.registry.query(
    "SELECT database_name AS name FROM restores WHERE id = $1",
    [moment],
  );
  await withClient({ ...all.host.server.connection, database: rows[0].name }, (client) =>
    client.query(`BEGIN READ WRITE; ${insert(false)}; COMMIT`),
  );
  const begun = await admin.ask("POST", `/api/moments/${moment}/take-back-deleted`, { module: "product" });
  expect(begun.status).toBe(202);
  const told = { module: "product", taken: count, refused: 0, done: count };
  expect(await beside.ended(begun.body.id, "done")).toMatchObject(told);
  const live = async () => (await admin.ask("GET", "/api/products/count")).body.count;
  expect(await live()).toBe(count);
  expect((await admin.ask("GET", "/api/search?q=product")).body.items?.length ?? 1).toBeGreaterThan(0);
  await admin.ask("POST", `/api/take-backs/${begun.body.id}/undo`, {});
  expect(await beside.ended(begun.body.id, "undone")).toMatchObject({ undone: count });
  expect(await live()).toBe(0);
}, 60_000);

test("a record that a restore in between left out is made again under its own number, and undo bins it", async () => {
  const { tenant } = all.served;
  // As in a tenant that was put back to before the record was made.
  await all.host.tenancy.asOwner(tenant, (owner) =>
    owner.query(`BEGIN; DELETE FROM public.search_word WHERE record_id = '${before["Western"]!.id}';
      DELETE FROM public.organisation WHERE id = '${before["Western"]!.id}'; COMMIT`),
  );
  const [gone] = (await beside.changes("organisation", "deleted")).filter(({ name }) => name === "Western");
  expect(gone).toMatchObject({ version: null });
  const { body } = await beside.take([item("organisation", gone!)]);
  expect(body).toMatchObject({ taken: 1, refused: 0 });
  expect(await hand.show("organisations", before["Western"]!.id)).toMatchObject({
    name: "Western",
    notes: "Then",
    territory: { name: "West" },
    version: 1,
  });
  await admin.ask("POST", `/api/take-backs/${body.id}/undo`, {});
  await beside.ended(body.id, "undone");
  expect((await hand.show("organisations", before["Western"]!.id)).deletedAt).not.toBeNull();
});

test("erasing for good takes the journal of a record with it", async () => {
  const { id } = before["Western"]!;
  await hand.erase("organisations", id);
  const left = await all.host.tenancy.asOwner(all.served.tenant, (owner) =>
    owner.query("SELECT FROM public.take_back_record WHERE record_id = $1", [id]),
  );
  expect(left.rowCount).toBe(0);
});
