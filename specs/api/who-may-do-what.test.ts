import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allRoutes } from "../../src/apps/all-routes.ts";
import { allModules } from "#modules/index.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { recordProbes, type Body, type Whose } from "./record-probes.ts";
import { otherProbes } from "./other-probes.ts";

const file = join(import.meta.dirname, "../who-may-do-what.txt");
const levels = [25, 59, 61, 65, 70, 80, 99];

type Person = { id: number; browser: Browser };
let api: TestApi;
const people = new Map<number, { me: Person; colleague: number }>();
let stranger: number;

beforeAll(async () => {
  api = await openTestApi({ jobs: true });
  stranger = (await api.aUser({ name: "stranger", level: 61 })).id;
  for (const level of levels) {
    const group = (await api.asAdministrator.ask("POST", "/api/groups", { name: `Group ${level}` })).body.id;
    const made = await api.aUser({ name: `level ${level}`, level, groups: [group] });
    const colleague = await api.aUser({ name: `colleague ${level}`, level: 61, groups: [group] });
    people.set(level, {
      me: { id: made.id, browser: await api.signedIn(made.name, made.password) },
      colleague: colleague.id,
    });
  }
}, 120_000);
afterAll(() => api.close());

/** Makes a record of a module that belongs to somebody, as the administrator. */
async function record(module: string, whose: number): Promise<Body> {
  const add = async (path: string, fields: Body) =>
    (await api.asAdministrator.ask("POST", `/api/${path}`, fields)).body;
  const place = { responsible: whose };
  const name = randomUUID();
  if (module === "person")
    return add("persons", { lastName: name, organisation: (await record("organisation", whose))["id"] });
  if (module === "opportunity") return add("opportunities", { name, stage: "engaging", ...place });
  if (module === "activity") return add("activities", { name, kind: "task", ...place });
  return add(`${module}s`, { name, ...place });
}

/** The widest of one's own, a group colleague's and a stranger's records that a route reaches. */
async function scopeOf(route: string, level: number): Promise<string> {
  const { me, colleague } = people.get(level) as { me: Person; colleague: number };
  const module = allModules.find((each) => new RegExp(`/${each.path}(/|$)`).test(route));
  const probe = recordProbes[route.replace(`/${module?.path}`, "/…")];
  if (module === undefined || probe === undefined)
    return (await otherProbes[route]?.(me.browser, api)) === true ? "yes" : "-";
  const reached: Record<Whose, boolean> = { stranger: false, colleague: false, own: false };
  for (const [whose, id] of [
    ["stranger", stranger],
    ["colleague", colleague],
    ["own", me.id],
  ] as const) {
    const one = await record(module.name, id);
    reached[whose] = await probe({
      module,
      browser: me.browser,
      admin: api.asAdministrator,
      record: one,
      whose: id,
    });
  }
  return reached.stranger ? "all" : reached.colleague ? "group" : reached.own ? "own" : "-";
}

const known = (route: string) =>
  route in otherProbes || allModules.some((module) => route.replace(`/${module.path}`, "/…") in recordProbes);

/** What is placed by a relation is reassigned by way of it, which takes another right than changing it. */
function withWhatItComesTo(route: string): string[] {
  const placed = allModules.some(
    ({ path, fields }) => route === `PATCH /${path}/:id` && fields.some(({ places }) => places === true),
  );
  return placed ? [route, `${route}, moved elsewhere`] : [route];
}

test("every route stands in the matrix of who may do what", () => {
  expect(Object.keys(allRoutes()).filter((route) => !known(route))).toEqual([]);
});

test("who may do what is as it was last reviewed", async () => {
  const lines = [`${"route".padEnd(44)}${levels.map((level) => String(level).padStart(7)).join("")}`];
  for (const route of Object.keys(allRoutes()).flatMap(withWhatItComesTo)) {
    const cells: string[] = [];
    for (const level of levels) cells.push((await scopeOf(route, level)).padStart(7));
    lines.push(`${route.padEnd(44)}${cells.join("")}`);
  }
  const found = `${heading}${lines.join("\n")}\n`;
  if (process.env["STRONGROOM_REVIEW"] === "write") await writeFile(file, found);
  expect(found).toBe(await readFile(file, "utf8"));
}, 240_000);

const heading = `Who may do what: every route asked by a user of each shipped level (1, no access, cannot sign in).
A route on records says how far it reaches: all, group, own or none (-). Found by asking, not by reading rights.
After a change that is meant: STRONGROOM_REVIEW=write npx vitest run specs/api/who-may-do-what.test.ts

`;
