import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";
import { playWrites } from "./play-writes.ts";
import { randomWorld, type RandomWorld } from "./random-world.ts";
import { levels, openStage } from "./stage.ts";
import { moveHome, randomWrite } from "./writes.ts";

let tenancy: TestTenancy;
beforeAll(async () => {
  tenancy = await openTestTenancy();
});
afterAll(() => tenancy.close());

/** As many as there is time for: `npm run test:policy` plays twenty times as many. */
const wanted = Math.ceil(Number(process.env["STRONGROOM_POLICY_DECISIONS"] ?? 50_000) / 1_000);

/** People of every kind that moves records: standard, delegated manager, and manager and administrator of some places. */
function worldOf(seed: number): RandomWorld {
  const [world] = fc.sample(randomWorld(levels, { users: 6, records: 8 }), { seed, numRuns: 1 });
  if (world === undefined) throw new Error("no world");
  const some = world.territories.slice(0, Math.ceil(world.territories.length / 2)).map(({ id }) => id);
  const kinds = [
    { level: 61, groups: [1], territories: [] },
    { level: 65, groups: [1], territories: [] },
    { level: 80, territories: some },
    { level: 70, territories: some },
  ];
  return { ...world, users: world.users.map((user, index) => ({ ...user, ...kinds[index] })) };
}

test(
  `oracle, program and database agree on each of ${wanted} writes in a row, and on who may do what after it`,
  { timeout: 120_000 + wanted * 5_000 },
  async () => {
    const total = { writes: 0, allowed: 0, decisions: 0 };
    await using stage = await openStage(tenancy);
    for (let seed = 1; total.writes < wanted; seed += 1) {
      const scene = await stage.play(worldOf(seed));
      const played = await playWrites(scene, seed, Math.min(25, wanted - total.writes));
      expect(played.wrong).toEqual([]);
      for (const key of ["writes", "allowed", "decisions"] as const) total[key] += played[key];
    }
    process.stdout.write(`sequences: ${JSON.stringify(total)}\n`);
    expect(total.allowed / total.writes).toBeGreaterThan(0.1);
    expect(total.allowed).toBeLessThan(total.writes);
  },
);

/** Breaks the database's wall and tells what the sequences then find wrong. */
async function foundWhen(breaking: string, choose = randomWrite): Promise<string> {
  await using stage = await openStage(tenancy);
  await stage.owner.query(breaking);
  for (let seed = 1; seed <= 20; seed += 1) {
    const options = { choose, onlyVerdicts: true };
    const { wrong } = await playWrites(await stage.play(worldOf(seed)), seed, 40, options);
    if (wrong[0] !== undefined) return wrong[0];
  }
  return "nothing";
}
const limit = { timeout: 300_000 };

test("a database that judges before the place is derived is found by moving a record", limit, async () => {
  const modules = ["person", "opportunity", "activity"];
  const found = await foundWhen(
    modules.map((module) => `alter trigger d_verbs on public.${module} rename to a_verbs`).join(";"),
  );
  expect(found).toContain("by the words false, in SQL true");
  expect(found).toContain("move under");
});

test("a database that lets a limited administrator give homes anywhere is found", limit, async () => {
  const found = await foundWhen("drop trigger home_within_own on access.users", moveHome);
  expect(found).toContain("by the words false, in SQL true");
});

test("a database in which a home takes its records along unjudged is found", limit, async () => {
  const found = await foundWhen(
    `do $$ begin execute replace(pg_get_functiondef('public.move_home'::regproc), 'judged boolean := ', 'judged boolean := false and '); end $$`,
    moveHome,
  );
  expect(found).toContain("by the words false, in SQL true");
});

test("one comparison flipped is found", limit, async () => {
  const found =
    await foundWhen(`do $$ begin execute replace(pg_get_functiondef('access.check_verbs'::regproc),
    'is distinct from (new.territory_id', 'is not distinct from (new.territory_id'); end $$`);
  expect(found).not.toBe("nothing");
});
