import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";
import type { Tenant } from "#platform/tenancy/index.ts";
import { carryOver } from "./carry-over.store.ts";

let tenancy: TestTenancy;
beforeAll(async () => {
  tenancy = await openTestTenancy();
});
afterAll(() => tenancy.close());

const users = ["admin", "narrowed", "widened", "same", "north", "regrouped", "replaced"];

/** A tenant with the same people and places, then or today. */
async function aSide(): Promise<{ tenant: Tenant; run: (text: string) => Promise<any[]> }> {
  const tenant = await tenancy.aTenant();
  const run = (text: string) =>
    tenancy.asOwner(tenant, async (owner) => {
      const answer = await owner.query(text);
      return answer.rows;
    });
  for (const [at, name] of users.entries())
    await run(`insert into access.users (name, full_name, level, created_at)
      values ('${name}', '${name}', ${at === 0 ? 99 : 61}, '2026-01-01T00:00:00Z')`);
  for (const place of ["East", "West", "North"])
    await run(`insert into access.territory (name) values ('${place}')`);
  for (const group of ["Team", "Others"]) await run(`insert into access.groups (name) values ('${group}')`);
  return { tenant, run };
}

const within = (user: string, place: string) =>
  `insert into access.user_territory select u.id, t.id from access.users u, access.territory t where u.name = '${user}' and t.name = '${place}'`;
const inGroup = (user: string, group: string) =>
  `insert into access.user_group select u.id, g.id from access.users u, access.groups g where u.name = '${user}' and g.name = '${group}'`;
const device = (letter: string) =>
  `insert into access.device (token_hash, user_id) values ('${letter}', (select id from access.users where name = 'same'))`;

test("what comes back is limited as it is limited today, and by nothing less", async () => {
  const [then, today] = [await aSide(), await aSide()];
  for (const text of [within("widened", "West"), within("same", "West"), inGroup("regrouped", "Team")])
    await then.run(text);
  for (const text of [device("forgotten since"), device("kept")]) await then.run(text);
  await today.run("update access.territory set name = 'Far North' where name = 'North'");
  await today.run("insert into access.territory (name) values ('Newest')");
  for (const text of [
    within("narrowed", "East"),
    within("narrowed", "Newest"),
    within("same", "West"),
    within("north", "Far North"),
    within("replaced", "East"),
    inGroup("regrouped", "Others"),
    device("kept"),
    "update access.users set created_at = '2026-02-01T00:00:00Z' where name = 'replaced'",
    `update access.level set permissions = '{}' where number = 61`,
    `update access.setting set value = '2' where key = 'failedSignInLimit'`,
    `update access.setting set value = '"DKK"' where key = 'currency'`,
  ])
    await today.run(text);
  const at = ({ tenant }: typeof then) => ({ ...tenancy.server, database: tenant.databaseName });
  const { limited } = await carryOver(at(today), at(then));
  const seen = await then.run(
    `select u.name, (select array_agg(t.name order by t.name) from access.user_territory ut join access.territory t on t.id = ut.territory_id
       where ut.user_id = u.id) as places from access.users u order by u.id`,
  );
  expect(Object.fromEntries(seen.map(({ name, places }) => [name, places]))).toEqual({
    admin: null,
    narrowed: ["East", "Newest"],
    // Who sees all today and did not then stays limited; whoever has his number today is somebody else.
    widened: ["West"],
    same: ["West"],
    north: ["North"],
    regrouped: null,
    replaced: null,
  });
  expect(limited).toEqual([2, 5]);
  expect(
    await then.run(
      "select g.name from access.user_group ug join access.groups g on g.id = ug.group_id order by 1",
    ),
  ).toEqual([{ name: "Others" }]);
  expect(await then.run("select convert_from(token_hash, 'UTF8') as name from access.device")).toEqual([
    { name: "kept" },
  ]);
  expect(
    await then.run(
      "select key, value from access.setting where key in ('currency', 'failedSignInLimit') order by 1",
    ),
  ).toEqual([
    { key: "currency", value: "USD" },
    { key: "failedSignInLimit", value: 2 },
  ]);
  expect(await then.run("select permissions from access.level where number = 61")).toEqual([
    { permissions: [] },
  ]);
});

test("what lies below a territory no more since stays out of sight of who is limited to that one", async () => {
  const [then, today] = [await aSide(), await aSide()];
  const below = (lower: string, upper: string | null) =>
    `update access.territory set parent_id = ${upper === null ? "null" : `(select id from access.territory where name = '${upper}')`} where name = '${lower}'`;
  // Then East was above West above North; today East is above North alone, and Lone above East.
  for (const text of [below("West", "East"), below("North", "West")]) await then.run(text);
  for (const text of [
    below("North", "East"),
    "insert into access.territory (name) values ('Lone')",
    below("East", "Lone"),
    within("narrowed", "Lone"),
  ])
    await today.run(text);
  for (const { run } of [then, today]) await run(within("same", "East"));
  const at = ({ tenant }: typeof then) => ({ ...tenancy.server, database: tenant.databaseName });
  await carryOver(at(today), at(then));
  const seen = await then.run(
    `select u.name, (select array_agg(t.name order by t.name) from access.territory t where t.id > 0 and t.id = any (r.territories)) as places
     from access.reach r join access.users u on u.id = r.user_id where not r.everywhere order by u.id`,
  );
  expect(seen).toEqual([
    { name: "narrowed", places: ["Lone"] },
    { name: "same", places: ["East", "North"] },
  ]);
});
