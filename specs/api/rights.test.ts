import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

type Body = Record<string, any>;
let api: TestApi;
let admin: Browser;
let east: number;
let west: number;
let seller: Browser;
let sellerId: number;
let own: Browser;
let ownId: number;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
  east = (await admin.ask("POST", "/api/territories", { name: "East" })).body.id;
  west = (await admin.ask("POST", "/api/territories", { name: "West" })).body.id;
  const inEast = await api.aUser({ name: "eastern", level: 70, territories: [east], homeTerritory: east });
  seller = await api.signedIn(inEast.name, inEast.password);
  sellerId = inEast.id;
  const restricted = await api.aUser({ name: "restricted", level: 59 });
  own = await api.signedIn(restricted.name, restricted.password);
  ownId = restricted.id;
});
afterAll(() => api.close());

const add = async (who: Browser, path: string, fields: Body): Promise<Body> => {
  const { status, body } = await who.ask("POST", `/api/${path}`, fields);
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
};
const change = (who: Browser, path: string, record: Body, fields: Body, verb = "PATCH") =>
  who.ask(verb, `/api/${path}`, fields, { headers: { "if-match": `"${record["version"]}"` } });
const names = (body: Body): string[] => body["items"].map((item: Body) => item["name"]);

test("somebody outside the territory cannot tell a hidden organisation from a missing one", async () => {
  const hidden = await add(admin, "organisations", { name: "Hidden", territory: west });
  for (const id of [hidden["id"], randomUUID()]) {
    for (const path of [`organisations/${id}`, `organisations/${id}/timeline`, `organisations/${id}/access`])
      expect((await seller.ask("GET", `/api/${path}`)).status).toBe(404);
    expect(
      (await seller.ask("PATCH", `/api/organisations/${id}`, { name: "X" }, { headers: { "if-match": "1" } }))
        .status,
    ).toBe(404);
    expect(
      (await seller.ask("DELETE", `/api/organisations/${id}`, undefined, { headers: { "if-match": "1" } }))
        .status,
    ).toBe(404);
    expect(
      (await seller.ask("POST", "/api/persons", { lastName: "X", organisation: id })).body.error,
    ).toMatchObject({ code: "invalid_input", field: "organisation" });
  }
  expect(names((await seller.ask("GET", "/api/organisations")).body)).not.toContain("Hidden");
  expect((await seller.ask("GET", "/api/search?q=hidden")).body.items).toEqual([]);
});

test("a related record out of sight is no relation: not shown, not filtered by, not named in the history", async () => {
  const secret = await add(admin, "organisations", { name: "Secret partner", territory: west });
  const deal = await add(admin, "opportunities", {
    name: "Joint deal",
    stage: "engaging",
    organisation: secret["id"],
    territory: east,
  });
  const seen = (await seller.ask("GET", `/api/opportunities/${deal["id"]}`)).body;
  expect(seen.organisation).toBeNull();
  const filter = (tree: unknown) =>
    seller.ask("GET", "/api/opportunities", undefined, {
      query: { filter: JSON.stringify({ and: [{ field: "name", op: "eq", value: "Joint deal" }, tree] }) },
    });
  expect(names((await filter({ field: "organisation", op: "in", value: [secret["id"]] })).body)).toEqual([]);
  expect(names((await filter({ field: "organisation", op: "empty" })).body)).toEqual(["Joint deal"]);
  expect((await seller.ask("GET", `/api/opportunities/${deal["id"]}/timeline`)).text).not.toContain("Secret");
  expect((await seller.ask("POST", "/api/opportunities/export")).text).not.toContain("Secret");
});

test("a record takes the territory of its organisation, else of its responsible, and follows when that moves", async () => {
  const organisation = await add(admin, "organisations", { name: "Mover", territory: east });
  const person = await add(admin, "persons", { lastName: "Follower", organisation: organisation["id"] });
  const deal = await add(admin, "opportunities", {
    name: "Following",
    stage: "engaging",
    organisation: organisation["id"],
  });
  const fixed = await add(admin, "opportunities", {
    name: "Fixed",
    stage: "engaging",
    organisation: organisation["id"],
    territory: east,
  });
  const home = await add(admin, "opportunities", {
    name: "At home",
    stage: "engaging",
    responsible: sellerId,
  });
  expect([person["territory"].id, deal["territory"].id, home["territory"].id]).toEqual([east, east, east]);
  expect(
    (
      await change(
        admin,
        `organisations/${organisation["id"]}/reassign`,
        organisation,
        { territory: west },
        "POST",
      )
    ).status,
  ).toBe(200);
  const territoryOf = async (path: string) => (await admin.ask("GET", `/api/${path}`)).body.territory.name;
  expect(
    await Promise.all(
      [`persons/${person["id"]}`, `opportunities/${deal["id"]}`, `opportunities/${fixed["id"]}`].map(
        territoryOf,
      ),
    ),
  ).toEqual(["West", "West", "East"]);
  expect((await seller.ask("GET", `/api/persons/${person["id"]}`)).status).toBe(404);
});

test("a restricted user works on his own records and on those he is second responsible for, and no others", async () => {
  const mine = await add(own, "opportunities", { name: "Mine", stage: "prospecting" });
  expect(mine["responsible"].id).toBe(ownId);
  const shared = await add(admin, "opportunities", {
    name: "Shared",
    stage: "prospecting",
    secondResponsible: ownId,
  });
  await add(admin, "opportunities", { name: "Another's", stage: "prospecting" });
  expect(names((await own.ask("GET", "/api/opportunities")).body)).toEqual(["Mine", "Shared"]);
  expect((await change(own, `opportunities/${shared["id"]}`, shared, { value: 5 })).status).toBe(200);
  const refused = await change(own, `opportunities/${mine["id"]}`, mine, {}, "DELETE");
  expect(refused.body.error).toMatchObject({
    code: "forbidden",
    right: { module: "opportunity", verb: "delete" },
  });
  expect(
    (
      await own.ask("POST", "/api/opportunities", {
        name: "For another",
        stage: "won",
        responsible: sellerId,
      })
    ).body.error.code,
  ).toBe("forbidden");
  expect((await own.ask("POST", "/api/opportunities/export")).body.error.code).toBe("forbidden");
});

test("a level that only displays sees and changes nothing", async () => {
  const user = await api.aUser({ name: "viewer", level: 25 });
  const viewer = await api.signedIn(user.name, user.password);
  const record = await add(admin, "organisations", { name: "Shown" });
  expect((await viewer.ask("GET", `/api/organisations/${record["id"]}`)).status).toBe(200);
  expect((await change(viewer, `organisations/${record["id"]}`, record, { name: "X" })).status).toBe(403);
  expect((await viewer.ask("POST", "/api/organisations", { name: "X" })).status).toBe(403);
  expect((await viewer.ask("GET", "/api/organisations?bin=true")).status).toBe(403);
  expect((await viewer.ask("GET", "/api/users")).status).toBe(403);
});

test("nobody hands a record to where he does not see it, nor grants more than he holds", async () => {
  const record = await add(seller, "organisations", { name: "Kept in sight" });
  expect(
    (await change(seller, `organisations/${record["id"]}/reassign`, record, { territory: west }, "POST")).body
      .error.code,
  ).toBe("beyond_own_rights");
  const made = await api.aUser({ name: "manager of users", level: 80, territories: [east] });
  const limited = await api.signedIn(made.name, made.password);
  const grant = (user: Body) =>
    limited.ask("POST", "/api/users", { name: randomUUID(), fullName: "New", territories: [east], ...user });
  expect((await grant({ level: 99 })).body.error.code).toBe("beyond_own_rights");
  expect((await grant({ level: 61, territories: [west] })).body.error.code).toBe("beyond_own_rights");
  expect((await grant({ level: 61, territories: [] })).body.error.code).toBe("beyond_own_rights");
  expect((await grant({ level: 61 })).status).toBe(201);
});

test("the last user with all rights cannot be demoted or switched off", async () => {
  const [first] = (await admin.ask("GET", "/api/users")).body.items.filter(
    (user: Body) => user["level"] === 99,
  );
  const attempt = (changes: Body) =>
    admin.ask("PATCH", `/api/users/${first.id}`, changes, { headers: { "if-match": `"${first.version}"` } });
  expect((await attempt({ level: 80 })).body.error.code).toBe("last_administrator");
  expect((await attempt({ active: false })).body.error.code).toBe("last_administrator");
});

test("who loses a territory does not see its record with the next read, and the log says what was seen", async () => {
  const user = await api.aUser({ name: "moved away", level: 61, territories: [west] });
  const one = await api.signedIn(user.name, user.password);
  const record = await add(admin, "organisations", { name: "Western", territory: west });
  const read = async () => (await one.ask("GET", `/api/organisations/${record["id"]}`)).status;
  expect([await read(), await read(), await read()]).toEqual([200, 200, 200]);
  const territories = (wanted: number[], version: number) =>
    admin.ask(
      "PATCH",
      `/api/users/${user.id}`,
      { territories: wanted },
      { headers: { "if-match": `"${version}"` } },
    );
  expect((await territories([east], 1)).status).toBe(200);
  expect([await read(), await read()]).toEqual([404, 404]);
  expect((await territories([west], 2)).status).toBe(200);
  expect(await read()).toBe(200);
  const logged = () =>
    api.tenancy.asOwner(api.tenant, async (owner) => {
      const { rows } = await owner.query(
        "select outcome, count(*)::int as n from public.audit where user_id = $1 and action = 'organisation.show' group by 1 order by 1",
        [user.id],
      );
      return rows;
    });
  await expect.poll(logged, { timeout: 3000 }).toEqual([
    { outcome: "done", n: 4 },
    { outcome: "not_found", n: 2 },
  ]);
});

test("a change of rights is in force with the next request", async () => {
  const user = await api.aUser({ name: "promoted", level: 25 });
  const one = await api.signedIn(user.name, user.password);
  expect((await one.ask("POST", "/api/organisations", { name: "Too early" })).status).toBe(403);
  const changed = await admin.ask(
    "PATCH",
    `/api/users/${user.id}`,
    { level: 70 },
    { headers: { "if-match": '"1"' } },
  );
  expect(changed.status).toBe(200);
  expect((await one.ask("POST", "/api/organisations", { name: "Now allowed" })).status).toBe(201);
  await admin.ask("PATCH", `/api/users/${user.id}`, { active: false }, { headers: { "if-match": '"2"' } });
  expect((await one.ask("GET", "/api/session")).status).toBe(401);
});
