import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

// A verb is judged by what changes, the derived places included, and not by what was typed.

type Body = Record<string, any>;
let api: TestApi;
let admin: Browser;
let [east, central, team]: number[] = [];

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
  east = await made("territories", { name: "East" });
  central = await made("territories", { name: "Central" });
  team = await made("groups", { name: "Team" });
});
afterAll(() => api.close());

const made = async (path: string, fields: Body): Promise<number> =>
  (await admin.ask("POST", `/api/${path}`, fields)).body.id;
const add = async (who: Browser, path: string, fields: Body): Promise<Body> => {
  const { status, body } = await who.ask("POST", `/api/${path}`, fields);
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
};
/** Changes the record as it is now. */
const change = async (who: Browser, path: string, fields: Body, method = "PATCH") => {
  const { version } = (await admin.ask("GET", `/api/${path.replace(/\/reassign$/, "")}`)).body;
  return await who.ask(method, `/api/${path}`, fields, { headers: { "if-match": `"${version}"` } });
};
const signedIn = async (user: Parameters<TestApi["aUser"]>[0]) => {
  const { id, name, password } = await api.aUser(user);
  return { id, browser: await api.signedIn(name, password) };
};

async function twoColleagues(level: number) {
  const mine = await signedIn({ name: randomUUID(), level, groups: [team!] });
  const colleague = await signedIn({ name: randomUUID(), level: 61, groups: [team!] });
  const own = await add(mine.browser, "organisations", { name: "Own" });
  const theirs = await add(colleague.browser, "organisations", { name: "Theirs" });
  const person = await add(colleague.browser, "persons", { lastName: "Follows", organisation: theirs["id"] });
  return { mine, colleague, own, theirs, person: `persons/${person["id"]}` };
}

test("a colleague's person is not taken by moving it under an organisation of one's own", async () => {
  const { mine, own, person } = await twoColleagues(61);
  // Editing it is allowed; that makes it nobody else's.
  expect((await change(mine.browser, person, { title: "Head of purchasing" })).status).toBe(200);
  const taken = await change(mine.browser, person, { organisation: own["id"] });
  expect(taken.status).toBe(403);
  expect(taken.body.error).toMatchObject({
    code: "forbidden",
    right: { module: "person", verb: "reassign" },
  });
  expect((await change(mine.browser, person, {}, "DELETE")).status).toBe(403);
  expect((await mine.browser.ask("GET", "/api/persons/export")).text).not.toContain("Follows");
});

test("a person moves freely among organisations of the same people and place", async () => {
  const { mine, own } = await twoColleagues(61);
  const other = await add(mine.browser, "organisations", { name: "Own, too" });
  const person = await add(mine.browser, "persons", { lastName: "Mine", organisation: own["id"] });
  expect((await change(mine.browser, `persons/${person["id"]}`, { organisation: other["id"] })).status).toBe(
    200,
  );
});

test("who may reassign moves a colleague's person, edits it and moves it back", async () => {
  const { mine, own, theirs, person } = await twoColleagues(65);
  const moved = await change(mine.browser, person, { organisation: own["id"] });
  expect(moved.body).toMatchObject({ responsible: { id: mine.id } });
  expect((await change(mine.browser, person, { title: "Moved" })).status).toBe(200);
  const back = await change(mine.browser, person, { organisation: theirs["id"] });
  expect(back.body).toMatchObject({ title: "Moved", organisation: { id: theirs["id"] } });
  expect(back.body.responsible.id).not.toBe(mine.id);
});

test("an opportunity does not change its territory by being put under another organisation", async () => {
  const { mine } = await twoColleagues(61);
  const inEast = await add(admin, "organisations", { name: "In East", territory: east });
  const inCentral = await add(admin, "organisations", { name: "In Central", territory: central });
  const alsoEast = await add(admin, "organisations", { name: "Also in East", territory: east });
  const deal = await add(mine.browser, "opportunities", {
    name: "Deal",
    stage: "engaging",
    organisation: inEast["id"],
  });
  const path = `opportunities/${deal["id"]}`;
  expect((await change(mine.browser, path, { organisation: alsoEast["id"] })).status).toBe(200);
  const moved = await change(mine.browser, path, { organisation: inCentral["id"] });
  expect(moved.body.error).toMatchObject({ code: "forbidden", right: { verb: "reassign" } });
  const freed = await change(mine.browser, path, { organisation: null });
  expect(freed.body.error).toMatchObject({ code: "forbidden", right: { verb: "reassign" } });
  expect((await admin.ask("GET", `/api/${path}`)).body.territory.id).toBe(east);
});

test("an activity does not leave its territory by way of its person", async () => {
  const { mine } = await twoColleagues(61);
  const inEast = await add(admin, "organisations", { name: "In East", territory: east });
  const person = await add(admin, "persons", { lastName: "Of East", organisation: inEast["id"] });
  const call = await add(mine.browser, "activities", { name: "Call", kind: "call", person: person["id"] });
  expect(call["territory"].id).toBe(east);
  const freed = await change(mine.browser, `activities/${call["id"]}`, { person: null });
  expect(freed.body.error).toMatchObject({ code: "forbidden", right: { verb: "reassign" } });
});

test("nobody puts a record by its relation, or a new one, to where he does not see it", async () => {
  const limited = await signedIn({
    name: randomUUID(),
    level: 70,
    territories: [east!],
    homeTerritory: east!,
  });
  const stranger = await api.aUser({ name: randomUUID(), level: 61, homeTerritory: central! });
  const deal = await add(limited.browser, "opportunities", { name: "Stays", stage: "engaging" });
  const away = await change(
    limited.browser,
    `opportunities/${deal["id"]}/reassign`,
    { responsible: stranger.id },
    "POST",
  );
  expect(away.body.error.code).toBe("beyond_own_rights");
  const made = await limited.browser.ask("POST", "/api/opportunities", {
    name: "Elsewhere",
    stage: "engaging",
    responsible: stranger.id,
  });
  expect(made.status).toBe(403);
});

test("an administrator limited to East moves nothing to Central by somebody's home territory", async () => {
  const limited = await signedIn({
    name: randomUUID(),
    level: 80,
    territories: [east!],
    homeTerritory: east!,
  });
  const seller = await signedIn({
    name: randomUUID(),
    level: 61,
    territories: [east!],
    homeTerritory: east!,
  });
  const deal = await add(seller.browser, "opportunities", { name: "At home in East", stage: "engaging" });
  const home = (homeTerritory: number | null, version: number, who = limited.browser) =>
    who.ask(
      "PATCH",
      `/api/users/${seller.id}`,
      { homeTerritory },
      { headers: { "if-match": `"${version}"` } },
    );
  expect((await home(central!, 1)).body.error).toMatchObject({
    code: "beyond_own_rights",
    field: "homeTerritory",
  });
  expect((await admin.ask("GET", `/api/opportunities/${deal["id"]}`)).body.territory.id).toBe(east);
  expect(
    (
      await limited.browser.ask("POST", "/api/users", {
        name: randomUUID(),
        fullName: "New",
        level: 61,
        territories: [east],
        homeTerritory: central,
      })
    ).body.error,
  ).toMatchObject({ code: "beyond_own_rights", field: "homeTerritory" });
  // Who is free of territories may, and it cannot be fetched back by who is not.
  expect((await home(central!, 1, admin)).status).toBe(200);
  expect((await home(east!, 2)).body.error.code).toBe("beyond_own_rights");
});

test("a refusal says what is missing: the verb, or reach of a record that belongs to somebody", async () => {
  const { mine, theirs, colleague } = await twoColleagues(61);
  const path = `organisations/${theirs["id"]}`;
  const { name } = (await admin.ask("GET", `/api/${path}`)).body.responsible;
  const removed = await change(mine.browser, path, {}, "DELETE");
  expect(removed.body.error).toMatchObject({
    right: { verb: "delete", missing: "people", scope: "own", belongsTo: name },
    message: `Your access level lets you delete your own records; this one belongs to ${name}.`,
  });
  const handed = await change(mine.browser, `${path}/reassign`, { responsible: mine.id }, "POST");
  expect(handed.body.error).toMatchObject({ right: { verb: "reassign", missing: "verb" } });
  const nobodys = await add(admin, "organisations", { name: "Nobody's", responsible: null });
  const danish = await colleague.browser.ask("DELETE", `/api/organisations/${nobodys["id"]}`, undefined, {
    headers: { "if-match": '"1"', "accept-language": "da" },
  });
  expect(danish.body.error.message).toBe(
    "Dit adgangsniveau lader dig slette dine egne poster; denne hører til ingen.",
  );
});

test("who sees a record and why: a standard user is not counted as one with all rights", async () => {
  const { mine, own, colleague } = await twoColleagues(61);
  const { body } = await mine.browser.ask("GET", `/api/organisations/${own["id"]}/access`);
  const because = Object.fromEntries(body.users.map((user: Body) => [user["id"], user["because"]]));
  expect(because).toMatchObject({ [mine.id]: "responsible", [colleague.id]: "unlimited", 1: "all" });
});

test("who may not open the bin neither counts nor filters what is in it", async () => {
  const { browser } = await signedIn({ name: randomUUID(), level: 25 });
  const note = { field: "notes", op: "startsWith", value: "S" };
  const asked = (path: string) =>
    browser.ask("GET", `/api/${path}`, undefined, { query: { bin: "true", filter: JSON.stringify(note) } });
  for (const path of ["organisations", "persons", "opportunities", "activities", "products"]) {
    expect((await asked(`${path}/count`)).body.error).toMatchObject({ code: "forbidden", permission: "bin" });
    expect((await asked(path)).status).toBe(403);
  }
});

test("a record that is shown says what its reader may do with it", async () => {
  const { mine, own, theirs } = await twoColleagues(61);
  const shown = async (id: string) => (await mine.browser.ask("GET", `/api/organisations/${id}`)).body.may;
  expect(await shown(own["id"])).toEqual({
    edit: true,
    delete: true,
    reassign: false,
    export: true,
    restore: false,
  });
  expect(await shown(theirs["id"])).toEqual({
    edit: true,
    delete: false,
    reassign: false,
    export: false,
    restore: false,
  });
  expect((await change(mine.browser, `organisations/${own["id"]}`, {}, "DELETE")).body.may).toMatchObject({
    edit: false,
    restore: true,
  });
});
