import { territoryOf, type WorldUser } from "#controls/oracle/index.ts";
import type { RandomWorld } from "./random-world.ts";
import { apiSide, decision, oracleSide, verbsOf, type Allowed } from "./sides.ts";
import { sqlSide } from "./sql-side.ts";
import type { Scene } from "./stage.ts";

export type Disagreement = {
  user: number;
  verb: string;
  record: string;
  oracle: boolean;
  api: boolean;
  sql: boolean;
};
export type Comparison = { decisions: number; allowed: number; disagreements: Disagreement[] };

/** Asks all three sides about every user, verb and record of the world. */
export async function compareSides(scene: Scene): Promise<Comparison> {
  const comparison: Comparison = { decisions: 0, allowed: 0, disagreements: [] };
  const { users } = scene.world;
  // Beside each other, but one user's rolled-back changes at a time: those of two could lock each other out.
  const [api, sql] = await both(
    inTurn(users, (user) => apiSide(scene, user)),
    inTurn(users, (user) => sqlSide(scene, user)),
  );
  users.forEach((user, index) => {
    const [ofApi, ofSql] = [api[index] ?? nobody, sql[index] ?? nobody];
    compareOne(comparison, scene.world, user, { oracle: oracleSide(scene, user), api: ofApi, sql: ofSql });
  });
  return comparison;
}

const nobody: Allowed = new Set();

async function inTurn(
  users: readonly WorldUser[],
  ask: (user: WorldUser) => Promise<Allowed>,
): Promise<Allowed[]> {
  const answers: Allowed[] = [];
  for (const user of users) answers.push(await ask(user));
  return answers;
}

/** Waits for both before anyone hears of a failure: the next world replaces this one. */
async function both<T>(one: Promise<T>, other: Promise<T>): Promise<[T, T]> {
  await Promise.allSettled([one, other]);
  return await Promise.all([one, other]);
}

type Sides = { oracle: Allowed; api: Allowed; sql: Allowed };

function compareOne(comparison: Comparison, world: RandomWorld, user: WorldUser, sides: Sides): void {
  for (const record of world.records)
    for (const verb of verbsOf(record)) {
      const asked = decision(verb, record);
      const [oracle, api, sql] = [sides.oracle.has(asked), sides.api.has(asked), sides.sql.has(asked)];
      comparison.decisions += 1;
      if (oracle) comparison.allowed += 1;
      if (oracle !== api || oracle !== sql)
        comparison.disagreements.push({ user: user.id, verb, record: record.id, oracle, api, sql });
    }
}

/** A disagreement with everything that bears on it, for whoever must find out who is right. */
export function explain(
  world: RandomWorld,
  { user: userId, record: recordId, ...rest }: { user: number; record: string; [more: string]: unknown },
): string {
  const user = world.users.find(({ id }) => id === userId);
  const record = world.records.find(({ id }) => id === recordId);
  const level = world.levels.find(({ number }) => number === user?.level);
  const territory = record === undefined ? null : territoryOf(world, record);
  return JSON.stringify(
    {
      ...rest,
      user,
      record,
      territory,
      rights: record && level?.rights[record.module],
      hideUnplaced: world.hideUnplaced,
      territories: world.territories,
    },
    null,
    1,
  );
}
