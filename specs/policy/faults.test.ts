import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { query } from "#core/index.ts";
import { mayByTheWords } from "#controls/oracle/index.ts";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";
import { aSmallWorld } from "./a-small-world.ts";
import { compareSides, type Disagreement } from "./compare.ts";
import { otherSurfaces } from "./other-surfaces.ts";
import { openStage } from "./stage.ts";

// A proof that cannot fail proves nothing: each of these breaks one wall and must be seen by the others.

let tenancy: TestTenancy;
beforeAll(async () => {
  tenancy = await openTestTenancy();
});
afterAll(() => tenancy.close());

/** Breaks the database's wall, tells where the sides then disagree, and mends it. */
async function disagreementsWhen(breaking: string): Promise<Disagreement[]> {
  await using stage = await openStage(tenancy);
  const scene = await stage.play(aSmallWorld());
  expect((await compareSides(scene)).disagreements).toEqual([]);
  await stage.owner.query(breaking);
  return (await compareSides(scene)).disagreements;
}

test("a policy that forgets the territory is seen by the oracle, while the program's own predicate still holds", async () => {
  const found = await disagreementsWhen(`alter policy viewed on public.organisation using (
    (select access.everyone('organisation', 'view')) or responsible_id = any ((select access.people('organisation', 'view'))::integer[])
      or second_responsible_id = any ((select access.people('organisation', 'view'))::integer[]))`);
  expect(found.length).toBeGreaterThan(0);
  expect(
    found.filter(({ verb }) => verb === "view").every(({ oracle, api, sql }) => !oracle && !api && sql),
  ).toBe(true);
});

test("a policy that looks at who made a record instead of whose it is, is seen by the oracle", async () => {
  const found = await disagreementsWhen(`alter policy viewed on public.activity using (
    ((select access.everywhere()) or territory_id = any ((select access.territories())::integer[]))
      and ((select access.everyone('activity', 'view')) or created_by = any ((select access.people('activity', 'view'))::integer[])))`);
  expect(found.some(({ verb, oracle, sql }) => verb === "view" && oracle !== sql)).toBe(true);
});

test("a database that no longer tells the verbs apart is seen by the oracle", async () => {
  const found = await disagreementsWhen("drop trigger d_verbs on public.activity");
  expect(found.some(({ verb, oracle, sql }) => verb === "delete" && !oracle && sql)).toBe(true);
});

test("a territory that is not derived any more is seen by the oracle", async () => {
  await using stage = await openStage(tenancy);
  await stage.owner.query("alter table public.opportunity disable trigger c_place");
  const scene = await stage.play(aSmallWorld());
  expect((await compareSides(scene)).disagreements.some(({ verb }) => verb === "view")).toBe(true);
});

test("a program that believes everybody is free of everything is still held by the database", async () => {
  await using stage = await openStage(tenancy);
  const { world, ask } = await stage.play(aSmallWorld());
  for (const user of world.users) {
    const mayView = world.records.filter(
      (record) => record.module === "organisation" && mayByTheWords(world, user, "view", record),
    );
    const answer = await ask(user.id, listWithoutPredicate, {});
    expect(answer.refused ?? answer).toEqual(
      user.level === 1 ? "signed_out" : { refused: undefined, output: mayView.map(({ id }) => id).sort() },
    );
  }
});

/** What a programmer who forgot the predicate would have written. */
const listWithoutPredicate = query({
  name: "test.forgotten",
  summary: "Organisations, without asking who may see them.",
  input: z.strictObject({}),
  output: z.array(z.string()),
  quiet: true,
  run: async ({ db }) =>
    (await sql<{ id: string }>`select id from public.organisation order by id`.execute(db)).rows.map(
      ({ id }) => id,
    ),
});

test("one comparison flipped is seen", async () => {
  await using stage = await openStage(tenancy);
  const scene = await stage.play(aSmallWorld());
  const [first, ...others] = scene.world.records;
  if (first === undefined) throw new Error("an empty world");
  const flipped = { ...scene.world, records: [{ ...first, territory: 2 }, ...others] };
  const { disagreements } = await compareSides({ ...scene, world: flipped });
  expect(disagreements).toContainEqual({
    user: 2,
    verb: "view",
    record: first.id,
    oracle: false,
    api: true,
    sql: true,
  });
});

test("a list of who sees a record that forgets the territory is seen by the oracle", async () => {
  await using stage = await openStage(tenancy);
  const scene = await stage.play(aSmallWorld());
  expect((await otherSurfaces(scene)).wrong).toEqual([]);
  await stage.owner.query(`do $$ begin execute replace(
    pg_get_functiondef('access.who_may'::regproc), 'r.everywhere or $3 = any', 'true or $3 = any'); end $$`);
  const { wrong } = await otherSurfaces(scene);
  expect(wrong.length).toBeGreaterThan(0);
  expect(wrong.every((each) => each.includes('"surface": "who sees"'))).toBe(true);
});

test("a record that another may see is missed on the board and at home", async () => {
  await using stage = await openStage(tenancy);
  const scene = await stage.play(aSmallWorld());
  const elsewhere = scene.world.records.map((record) => ({ ...record, territory: 2 }));
  const { wrong } = await otherSurfaces({ ...scene, world: { ...scene.world, records: elsewhere } });
  expect(wrong.some((each) => each.includes('"surface": "board"'))).toBe(true);
  expect(wrong.some((each) => each.includes('"surface": "home"'))).toBe(true);
});
