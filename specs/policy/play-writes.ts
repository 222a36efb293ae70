import { dice } from "./attempts.ts";
import { compareSides } from "./compare.ts";
import type { RandomWorld } from "./random-world.ts";
import type { Scene } from "./stage.ts";
import { randomWrite, type Write } from "./writes.ts";

export type Played = { writes: number; allowed: number; decisions: number; wrong: string[] };

/**
 * Plays a sequence of writes. Each is first tried in plain SQL as the tenant's role and rolled back, then made through
 * the program; both must say what the words say. After each one that was made, everybody is asked again what he may
 * view, edit, delete, export and reassign (not with `onlyVerdicts`). Ends with the first thing that is wrong.
 */
export async function playWrites(
  scene: Scene,
  seed: number,
  count: number,
  options: { choose?: typeof randomWrite; onlyVerdicts?: boolean } = {},
): Promise<Played> {
  const { choose = randomWrite, onlyVerdicts = false } = options;
  const played: Played = { writes: 0, allowed: 0, decisions: 0, wrong: [] };
  const roll = dice(seed);
  let now = scene;
  for (let each = 0; each < count && played.wrong.length === 0; each += 1) {
    const write = choose(now, roll);
    const complain = (what: string) => played.wrong.push(told(now.world, write, what));
    const bySql = await trySql(now, write);
    if (bySql !== undefined && bySql !== write.expected)
      complain(`by the words ${write.expected}, in SQL ${bySql}`);
    const answer = await write.ask();
    const done = answer.refused === undefined;
    if (done !== write.expected) complain(`by the words ${write.expected}, but ${answer.refused ?? "done"}`);
    played.writes += 1;
    if (answer.refused !== undefined) continue;
    played.allowed += 1;
    now = { ...now, world: write.after(answer.output) };
    if (onlyVerdicts) continue;
    const { decisions, disagreements } = await compareSides(now);
    played.decisions += decisions;
    if (disagreements.length > 0) complain(`afterwards ${JSON.stringify(disagreements.slice(0, 3))}`);
  }
  return played;
}

/** Whether the database alone would let it happen; undefined where it is not what decides. */
async function trySql({ pool, tokenOf }: Scene, { user, statement }: Write): Promise<boolean | undefined> {
  if (statement === undefined) return undefined;
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select access.enter($1)", [tokenOf(user.id)]);
    const { rowCount } = await client.query(statement.text, [...statement.values]);
    return rowCount === 1;
  } catch (error) {
    if (["42501", "SR004"].includes((error as { code?: string }).code ?? "")) return false;
    throw error;
  } finally {
    await client.query("rollback");
    client.release();
  }
}

function told(world: RandomWorld, { name, user, statement }: Write, what: string): string {
  const level = world.levels.find(({ number }) => number === user.level);
  return JSON.stringify({ what, name, record: statement?.values[0], user, rights: level?.rights }, null, 1);
}
