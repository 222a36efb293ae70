import type { PoolClient } from "pg";
import { mayByTheWords, oracleModules, type WorldUser } from "#controls/oracle/index.ts";
import type { RandomRecord } from "./random-world.ts";
import { decision, type Allowed } from "./sides.ts";
import type { Scene } from "./stage.ts";
import { tried, tryBatches, type Batch, type HandOver } from "./try-batches.ts";

/** As the tenant's role with the user's token, past the whole program: what the database itself lets happen. */
export async function sqlSide({ world, pool, tokenOf }: Scene, user: WorldUser): Promise<Allowed> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    await client.query("select access.enter($1)", [tokenOf(user.id)]);
    const visible = await visibleIds(client);
    const allowed: Allowed = new Set([...visible].map((id) => `view ${id}`));
    const live = world.records.filter(({ binned }) => !binned);
    for (const verb of tried) {
      const expected = new Set(live.filter((record) => mayByTheWords(world, user, verb, record)));
      const answers = await verdicts(client, { verb, user, expected, visible }, live);
      for (const [record, touched] of answers) if (touched) allowed.add(decision(verb, record));
    }
    return allowed;
  } finally {
    await client.query("rollback");
    client.release();
  }
}

async function visibleIds(client: PoolClient): Promise<Set<string>> {
  const all = oracleModules.map((module) => `select id from public.${module}`).join(" union all ");
  const { rows } = await client.query<{ id: string }>(all);
  return new Set(rows.map(({ id }) => id));
}

type Question = {
  verb: Batch["verb"];
  user: WorldUser;
  expected: ReadonlySet<RandomRecord>;
  visible: ReadonlySet<string>;
};
type Guess = Batch & { all: boolean };

/**
 * Which records the statement touches, each for itself. To save statements, those expected to be touched are tried
 * together (all or none pass), and so are those out of sight; wherever that is not borne out, one by one.
 */
async function verdicts(
  client: PoolClient,
  question: Question,
  records: readonly RandomRecord[],
): Promise<Map<RandomRecord, boolean>> {
  const together = guesses(question, records);
  const counts = await tryBatches(client, question.user, together);
  const borneOut = together.filter(({ all, rows }, index) => counts[index] === (all ? rows.length : 0));
  const known = new Map(borneOut.flatMap(({ all, rows }) => rows.map((row) => [row, all] as const)));
  const singles = records
    .filter((record) => !known.has(record))
    .map((record) => batch(question, [record], false));
  const each = await tryBatches(client, question.user, singles);
  singles.forEach(({ rows }, index) => rows.forEach((row) => known.set(row, each[index] === 1)));
  return known;
}

function guesses(question: Question, records: readonly RandomRecord[]): Guess[] {
  const outOfSight = (record: RandomRecord) => question.verb !== "create" && !question.visible.has(record.id);
  const groups = Map.groupBy(
    records.filter((record) => question.expected.has(record) || outOfSight(record)),
    (record) => `${record.module} ${handOver(record, question.user)} ${question.expected.has(record)}`,
  );
  return [...groups.values()].map((rows) =>
    batch(
      question,
      rows,
      rows.some((row) => question.expected.has(row)),
    ),
  );
}

function batch({ verb, user }: Question, rows: RandomRecord[], all: boolean): Guess {
  const [first] = rows as [RandomRecord];
  return { verb, module: first.module, rows, hand: verb === "reassign" ? handOver(first, user) : "set", all };
}

/** A hand-over after which whoever saw the record still does, so that only the verb decides. */
function handOver(record: RandomRecord, user: WorldUser): HandOver {
  if (record.module === "person") return "set";
  if (record.secondResponsible !== user.id) return "second";
  if (record.territory === null) return "set";
  return record.responsible === null ? "take" : "drop";
}
