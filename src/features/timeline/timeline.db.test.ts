import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
let seller: Browser;
let territories: { east: number; west: number };

beforeAll(async () => {
  api = await openTestApi();
  const admin = api.asAdministrator;
  const place = async (name: string) =>
    (await admin.ask("POST", "/api/territories", { name, parent: null })).body.id as number;
  territories = { east: await place("East"), west: await place("West") };
  const user = await api.aUser({
    name: "seller",
    level: 70,
    territories: [territories.east],
    homeTerritory: territories.east,
  });
  seller = await api.signedIn("seller", user.password);
});
afterAll(() => api.close());

const made = async (by: Browser, path: string, values: Record<string, unknown>) => {
  const { body, status } = await by.ask("POST", `/api/${path}`, values);
  expect({ status, body }).toMatchObject({ status: 201 });
  return body as { id: string; version: number };
};

async function aDeal(by: Browser) {
  const organisation = await made(by, "organisations", { name: "Acme" });
  const person = await made(by, "persons", { lastName: "Acme", organisation: organisation.id });
  const stage = "prospecting";
  const links = { organisation: organisation.id, person: person.id };
  const opportunity = await made(by, "opportunities", { name: "Big deal", stage, ...links });
  return { organisation, person, opportunity };
}

const called = async (by: Browser, path: string): Promise<string[]> => {
  const { body } = await by.ask("GET", `/api/${path}/timeline`);
  const activities = body.items.filter((item: { kind: string }) => item.kind === "activity");
  return activities.map((item: { activity: { name: string } }) => item.activity.name);
};

test("a call logged on a deal is on the timelines of the deal, its organisation and its contact", async () => {
  const { organisation, person, opportunity } = await aDeal(seller);
  await made(seller, "activities", { name: "Called Ann", kind: "call", opportunity: opportunity.id });
  for (const path of [
    `opportunities/${opportunity.id}`,
    `organisations/${organisation.id}`,
    `persons/${person.id}`,
  ])
    expect({ path, called: await called(seller, path) }).toEqual({ path, called: ["Called Ann"] });
});

test("a call with the contact is on the organisation's timeline, once, however many ways lead to it", async () => {
  const { organisation, person, opportunity } = await aDeal(seller);
  const links = { organisation: organisation.id, person: person.id, opportunity: opportunity.id };
  await made(seller, "activities", { name: "By every way", kind: "call", ...links });
  await made(seller, "activities", { name: "With Ann", kind: "call", person: person.id });
  const path = `organisations/${organisation.id}`;
  expect((await called(seller, path)).toSorted()).toEqual(["By every way", "With Ann"]);
});

test("whoever does not see the activity, or not the deal it hangs on, does not meet it on the organisation's", async () => {
  const admin = api.asAdministrator;
  const { organisation, opportunity } = await aDeal(seller);
  const hidden = await made(admin, "activities", {
    name: "Hidden",
    kind: "call",
    opportunity: opportunity.id,
  });
  const place = (path: string, { id, version }: { id: string; version: number }, territory: number) =>
    admin.ask(
      "POST",
      `/api/${path}/${id}/reassign`,
      { territory },
      { headers: { "if-match": `"${version}"` } },
    );
  const path = `organisations/${organisation.id}`;
  expect(await called(seller, path)).toEqual(["Hidden"]);
  expect((await place("activities", hidden, territories.west)).status).toBe(200);
  expect(await called(seller, path)).toEqual([]);
  expect(await called(admin, path)).toEqual(["Hidden"]);

  const seen = await made(seller, "activities", { name: "Seen", kind: "call", opportunity: opportunity.id });
  expect(await called(seller, path)).toEqual(["Seen"]);
  expect((await place("activities", seen, territories.east)).status).toBe(200);
  expect((await place("opportunities", opportunity, territories.west)).status).toBe(200);
  expect(await called(seller, path)).toEqual([]);
});

test("a long timeline comes in pages, changes and activities each once and newest first", async () => {
  const { organisation, opportunity } = await aDeal(seller);
  const hour = (number: number) => new Date(Date.UTC(2026, 0, 1, number)).toISOString();
  for (let number = 0; number < 70; number++) {
    const doneAt = hour(number - (number % 2));
    await made(seller, "activities", {
      name: `${number}`,
      kind: "call",
      opportunity: opportunity.id,
      doneAt,
    });
  }
  const items: { kind: string; at: string; activity?: { name: string } }[] = [];
  let after = "";
  do {
    const { body } = await seller.ask("GET", `/api/organisations/${organisation.id}/timeline${after}`);
    items.push(...body.items);
    after = body.next === null ? "" : `?after=${body.next}`;
  } while (after !== "" && items.length < 200);
  expect(new Set(items.map(({ activity }) => activity?.name)).size).toBe(71);
  expect(items).toHaveLength(71);
  const times = items.map(({ at }) => at);
  expect(times).toEqual(times.toSorted().toReversed());
  const nonsense = await seller.ask("GET", `/api/organisations/${organisation.id}/timeline?after=12`);
  expect(nonsense.body.error.code).toBe("cursor_expired");
});

test("who sees a record is counted by reason to the last, also where more do than are named", async () => {
  const { organisation } = await aDeal(seller);
  await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      `insert into access.users (name, full_name, level, home_territory, language)
       select 'colleague' || n, 'Colleague ' || n, 70, 0, 'en' from generate_series(1, 250) n`,
    ),
  );
  const { body } = await seller.ask("GET", `/api/organisations/${organisation.id}/access`);
  expect(body.users).toHaveLength(200);
  expect(body.reasons).toEqual({ all: 1, responsible: 1, unlimited: 250 });
  expect(body.total).toBe(252);
});
