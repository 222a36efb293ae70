import { afterAll, beforeAll, expect, test } from "vitest";
import type { Browser } from "#testing/api.ts";
import { askAt, now, openAt, openMomentHost, type MomentHost } from "#testing/moments.ts";

let all: MomentHost;
let admin: Browser;
let east: Browser;
let places: { east: number; west: number };
let eastern: { id: string; territory: { id: number } };
let moment: string;
type Member = { id: number; browser: Browser };
let [mine, colleague]: Member[] = [];
let person: { id: string };

const add = async (path: string, fields: object) => (await admin.ask("POST", `/api/${path}`, fields)).body;

beforeAll(async () => {
  all = await openMomentHost();
  admin = all.admin;
  const territory = async (name: string) => (await add("territories", { name })).id as number;
  places = { east: await territory("East"), west: await territory("West") };
  const user = await all.served.aUser({ name: "east", level: 70, territories: [places.east] });
  east = await all.served.signedIn(user.name, user.password);
  eastern = await add("organisations", { name: "Eastern", territory: places.east });
  await add("organisations", { name: "Stays", territory: places.east });
  const inGroup = async (name: string) => {
    const made = await all.served.aUser({ name, level: 61, groups: [group] });
    return { ...made, browser: await all.served.signedIn(made.name, made.password) };
  };
  const group = (await add("groups", { name: "Team" })).id as number;
  [mine, colleague] = [await inGroup("mine"), await inGroup("colleague")];
  const own = await add("organisations", { name: "Own", responsible: mine.id, territory: places.west });
  person = await add("persons", { lastName: "Moved", organisation: own.id });
  moment = await openAt(all, await now());
}, 120_000);
afterAll(() => all.close());

test("what moved out of somebody's sight since is out of his sight at the moment too, whatever he asks", async () => {
  const asked = async (browser: Browser) => {
    const at = async (method: string, path: string, body?: object) =>
      await askAt(browser, moment, method, `/api/${path}`, body);
    return {
      listed: (await at("GET", "organisations?columns=name")).text.includes("Eastern"),
      counted: (await at("GET", "organisations/count")).body.count,
      shown: (await at("GET", `organisations/${eastern.id}`)).status,
      timeline: (await at("GET", `organisations/${eastern.id}/timeline`)).status,
      access: (await at("GET", `organisations/${eastern.id}/access`)).status,
      found: (await at("GET", "search?q=eastern")).text.includes("Eastern"),
      // A moment is looked at, not carried away.
      exported: (await at("POST", "organisations/export", {})).body.error.code,
      compared: (await browser.ask("GET", `/api/moments/${moment}/records/organisation/${eastern.id}`))
        .status,
    };
  };
  const all200 = { shown: 200, timeline: 200, access: 200, compared: 200 };
  expect(await asked(east)).toMatchObject({
    listed: true,
    counted: 2,
    found: true,
    exported: "moment_read_only",
    ...all200,
  });
  const move = async (territory: number) => {
    const { body } = await admin.ask("GET", `/api/organisations/${eastern.id}`);
    const ifMatch = { headers: { "if-match": `"${body.version}"` } };
    return await admin.ask("POST", `/api/organisations/${eastern.id}/reassign`, { territory }, ifMatch);
  };
  expect((await move(places.west)).status).toBe(200);
  const all404 = { shown: 404, timeline: 404, access: 404, compared: 404 };
  expect(await asked(east)).toEqual({
    listed: false,
    counted: 1,
    found: false,
    exported: "moment_read_only",
    ...all404,
  });
  expect(await asked(admin)).toMatchObject({
    listed: true,
    found: true,
    exported: "moment_read_only",
    ...all200,
  });
  const { body } = await east.ask("POST", `/api/moments/${moment}/take-back`, {
    items: [{ module: "organisation", id: eastern.id, version: 2 }],
  });
  expect(body).toMatchObject({ taken: 0, refused: 1 });
  expect((await move(places.east)).status).toBe(200);
  expect(await asked(east)).toMatchObject({ listed: true, counted: 2, ...all200 });
});

test("who may reassign nothing takes back no person's organisation that makes it his own again", async () => {
  const theirs = await add("organisations", {
    name: "Theirs",
    responsible: colleague!.id,
    territory: places.west,
  });
  const present = async () => (await admin.ask("GET", `/api/persons/${person.id}`)).body;
  const { version } = await present();
  const ifMatch = { headers: { "if-match": `"${version}"` } };
  await admin.ask("PATCH", `/api/persons/${person.id}`, { organisation: theirs.id }, ifMatch);
  const moved = await present();
  expect(moved.responsible.id).toBe(colleague!.id);
  const items = [{ module: "person", id: person.id, version: moved.version }];
  const take = (browser: Browser) => browser.ask("POST", `/api/moments/${moment}/take-back`, { items });
  const { body } = await take(mine!.browser);
  expect(body).toMatchObject({ taken: 0, refused: 1 });
  const told = await mine!.browser.ask("GET", `/api/take-backs/${body.id}/records`);
  expect(told.body.items).toMatchObject([{ reason: "no_reassign" }]);
  expect(await present()).toEqual(moved);
  expect((await take(admin)).body).toMatchObject({ taken: 1, refused: 0 });
  expect((await present()).responsible.id).toBe(mine!.id);
});
