import { z } from "zod";
import { query, verbs, type Verb } from "#core/index.ts";
import { visibleAmong, type Page } from "#records/index.ts";
import { mayByTheWords, oracleVerbs, type OracleVerb, type WorldUser } from "#controls/oracle/index.ts";
import { nouns, search, type Noun } from "./actions.ts";
import type { RandomRecord } from "./random-world.ts";
import type { Answer, Scene } from "./stage.ts";

/** "verb record" for everything a user may do, as one side has it. */
export type Allowed = Set<string>;
export const decision = (verb: OracleVerb, record: { id: string }) => `${verb} ${record.id}`;

/** What is asked of a record in bulk: one in the bin can only be seen (bringing it back is among the attempts). */
export const verbsOf = (record: RandomRecord): readonly OracleVerb[] =>
  record.binned ? ["view"] : oracleVerbs;

export function oracleSide({ world }: Scene, user: WorldUser): Allowed {
  const questions = world.records.flatMap((record) => verbsOf(record).map((verb) => ({ verb, record })));
  return new Set(
    questions
      .filter(({ verb, record }) => mayByTheWords(world, user, verb, record))
      .map(({ verb, record }) => decision(verb, record)),
  );
}

/** Through the program: every reading surface must show the same records, and the engine must allow the same verbs. */
export async function apiSide(scene: Scene, user: WorldUser): Promise<Allowed> {
  const allowed: Allowed = new Set();
  for (const module of nouns) {
    const records = scene.world.records.filter((record) => record.module === module.name);
    const engine = await among(scene, user, module, records);
    const seen = await agreedView(scene, user, module, records, engine.view ?? []);
    for (const record of records) if (seen.has(record.id)) allowed.add(decision("view", record));
    for (const id of await exported(scene, user, module, records)) allowed.add(`export ${id}`);
    for (const verb of ["create", "edit", "delete", "reassign"] as const)
      for (const id of engine[verb] ?? []) if (seen.has(id)) allowed.add(decision(verb, { id }));
  }
  return allowed;
}

/** The most that search answers with. */
const searchMax = 50;

async function agreedView(
  scene: Scene,
  user: WorldUser,
  module: Noun,
  records: readonly RandomRecord[],
  engine: string[],
): Promise<Set<string>> {
  const list = await listed(scene, user, module);
  const others = {
    count: await counted(scene, user, module),
    search: await searched(scene, user, module),
    engine,
  };
  const searchedAsListed =
    others.search.length === Math.min(list.length, searchMax) &&
    others.search.every((id) => list.includes(id));
  if (
    others.count !== list.length ||
    !searchedAsListed ||
    [...engine].sort().join() !== [...list].sort().join()
  )
    throw new Error(
      `User ${user.id}'s surfaces of ${module.name} disagree: ${JSON.stringify({ list, ...others })}`,
    );
  return new Set([
    ...list,
    ...(await shownFromBin(
      scene,
      user,
      module,
      records.filter((record) => record.binned),
    )),
  ]);
}

/** From the bin's list, for whom the level opens it; everybody else may still ask for a record he has the id of. */
async function shownFromBin(
  scene: Scene,
  user: WorldUser,
  module: Noun,
  binned: readonly RandomRecord[],
): Promise<string[]> {
  if (scene.world.levels.some(({ number, bin }) => bin && number === user.level)) {
    const answer = await scene.ask(user.id, module.list, { bin: "true", limit: 200, columns: "name" });
    return answer.refused === undefined
      ? answer.output.items.map(({ id }) => id)
      : onlySignedOut(answer.refused, []);
  }
  const ids: string[] = [];
  for (const { id } of binned)
    if ((await scene.ask(user.id, module.show, { id })).refused === undefined) ids.push(id);
  return ids;
}

async function listed(scene: Scene, user: WorldUser, module: Noun): Promise<string[]> {
  const ids: string[] = [];
  const sort = ["name", "-name"][(scene.world.dice + user.id) % 2];
  let after: string | undefined;
  for (;;) {
    const answer: Answer<Page> = await scene.ask(user.id, module.list, {
      limit: 15,
      columns: "name",
      sort,
      ...(after === undefined ? {} : { after }),
    });
    if (answer.refused !== undefined) return onlySignedOut(answer.refused, ids);
    ids.push(...answer.output.items.map(({ id }) => id));
    if (answer.output.next === null) return ids;
    after = answer.output.next;
  }
}

async function counted(scene: Scene, user: WorldUser, module: Noun): Promise<number> {
  const answer = await scene.ask(user.id, module.count, {});
  return answer.refused === undefined ? answer.output.count : onlySignedOut(answer.refused, 0);
}

async function searched(scene: Scene, user: WorldUser, module: Noun): Promise<string[]> {
  const answer = await scene.ask(user.id, search, {
    q: "zq",
    module: module.name,
    limit: searchMax,
  });
  return answer.refused === undefined
    ? answer.output.items.map(({ id }) => id)
    : onlySignedOut(answer.refused, []);
}

async function exported(
  scene: Scene,
  user: WorldUser,
  module: Noun,
  records: readonly RandomRecord[],
): Promise<string[]> {
  const answer = await scene.askWhole(user.id, module.export, { columns: "name" });
  if (answer.refused !== undefined)
    return answer.refused === "forbidden" ? [] : onlySignedOut(answer.refused, []);
  const names = new Set(answer.output.match(/zq\dx\d+/g));
  return records.filter((record) => names.has(record.name)).map(({ id }) => id);
}

async function among(
  scene: Scene,
  user: WorldUser,
  module: Noun,
  records: readonly RandomRecord[],
): Promise<{ [verb in Verb]?: string[] }> {
  const answer = await scene.ask(user.id, whichOf, { module: module.name, ids: records.map(({ id }) => id) });
  return answer.refused === undefined ? answer.output : onlySignedOut(answer.refused, {});
}

/** The engine's own predicate over many records at once. */
const whichOf = query({
  name: "test.which",
  summary: "Which of these records the asker may do what to.",
  input: z.strictObject({ module: z.string(), ids: z.array(z.string()) }),
  output: z.record(z.string(), z.array(z.string())),
  quiet: true,
  run: async ({ db, actor, input: { module, ids } }) => {
    const answer: { [verb in Verb]?: string[] } = {};
    for (const verb of verbs) answer[verb] = [...(await visibleAmong(db, actor, module, ids, verb)).keys()];
    return answer;
  },
});

/** A level without access has no session at all; any other refusal of a question is a fault. */
function onlySignedOut<T>(refused: string, nothing: T): T {
  if (refused !== "signed_out") throw new Error(`Refused: ${refused}`);
  return nothing;
}
