import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";
import { attemptChanges } from "./attempts.ts";
import { compareSides, explain } from "./compare.ts";
import { otherSurfaces } from "./other-surfaces.ts";
import { randomWorld, type RandomWorld } from "./random-world.ts";
import { levels, openStage, type Stage } from "./stage.ts";

let tenancy: TestTenancy;
beforeAll(async () => {
  tenancy = await openTestTenancy();
});
afterAll(() => tenancy.close());

const wanted = Number(process.env["STRONGROOM_POLICY_DECISIONS"] ?? 100_000);

type Total = {
  worlds: number;
  decisions: number;
  allowed: number;
  surfaces: number;
  attempts: number;
  refused: number;
};

async function play(stage: Stage, world: RandomWorld, total: Total): Promise<void> {
  const scene = await stage.play(world);
  const comparison = await compareSides(scene);
  const [first] = comparison.disagreements;
  if (first !== undefined) throw new Error(explain(world, first));
  const surfaces = await otherSurfaces(scene);
  if (surfaces.wrong.length > 0) throw new Error(surfaces.wrong.join("\n"));
  const attempts = await attemptChanges(scene);
  if (attempts.wrong.length > 0) throw new Error(attempts.wrong.join("\n"));
  total.worlds += 1;
  total.decisions += comparison.decisions;
  total.allowed += comparison.allowed;
  total.surfaces += surfaces.looked;
  total.attempts += attempts.made;
  total.refused += attempts.refused;
}

test(
  `oracle, program and database agree on ${wanted.toLocaleString("en")} decisions`,
  { timeout: 180_000 + wanted },
  async () => {
    const started = performance.now();
    const total = { worlds: 0, decisions: 0, allowed: 0, surfaces: 0, attempts: 0, refused: 0 };
    const playOn = async () => {
      await using stage = await openStage(tenancy);
      const property = fc.asyncProperty(randomWorld(levels, { users: 7, records: 72 }), (world) =>
        play(stage, world, total),
      );
      // The time limit ends the search for a smaller world that fails, too.
      while (total.decisions < wanted)
        await fc.assert(property, { numRuns: 1, interruptAfterTimeLimit: 60_000 });
    };
    // One database waits while the program thinks: two keep the machine busy. Neither is left when the other fails.
    for (const end of await Promise.allSettled([playOn(), playOn()]))
      if (end.status === "rejected") throw end.reason;

    const seconds = (performance.now() - started) / 1_000;
    process.stdout.write(
      `policy: ${JSON.stringify({ ...total, seconds: Math.round(seconds), decisionsPerSecond: Math.round(total.decisions / seconds) })}\n`,
    );
    expect(total.decisions).toBeGreaterThanOrEqual(wanted);
    // A proof in which nearly everything was refused, or allowed, would prove little.
    expect(total.allowed / total.decisions).toBeGreaterThan(0.1);
    expect(total.refused / total.attempts).toBeGreaterThan(0.2);
    expect(total.refused).toBeLessThan(total.attempts);
  },
);
