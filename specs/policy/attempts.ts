import { mayByTheWords, reaches, type WorldRecord, type WorldUser } from "#controls/oracle/index.ts";
import { nouns, type Noun } from "./actions.ts";
import { putBack } from "./arrange-world.ts";
import { explain } from "./compare.ts";
import type { RandomRecord } from "./random-world.ts";
import type { Answer, Scene } from "./stage.ts";

export type Attempts = { made: number; refused: number; wrong: string[] };

/**
 * Every user tries every kind of change on some record, through the real actions. What was refused must have
 * changed no row of the tenant's records; what was allowed is put back.
 */
export async function attemptChanges(scene: Scene): Promise<Attempts> {
  const attempts: Attempts = { made: 0, refused: 0, wrong: [] };
  let before = await recordsHash(scene);
  const roll = dice(scene.world.dice);
  for (const user of scene.world.users)
    for (const attempt of [change, remove, restore, reassign, create]) {
      const candidates = scene.world.records.filter((record) => record.binned === (attempt === restore));
      const record = candidates[roll(candidates.length)];
      const module = nouns.find(({ name }) => name === record?.module);
      if (record === undefined || module === undefined) continue;
      const { name, expected, answer, undo } = await attempt({ scene, user, module, record, roll });
      const complain = (what: string) =>
        attempts.wrong.push(explain(scene.world, { user: user.id, record: record.id, attempt: name, what }));
      attempts.made += 1;
      if ((answer.refused === undefined) !== expected)
        complain(`${expected ? "allowed" : "refused"} by the words, but ${answer.refused ?? "done"}`);
      if (answer.refused === undefined) {
        await undo(answer);
        before = await recordsHash(scene);
      } else {
        attempts.refused += 1;
        if ((await recordsHash(scene)) !== before) complain("refused, and yet something changed");
      }
    }
  return attempts;
}

type Attempt = {
  scene: Scene;
  user: WorldUser;
  module: Noun;
  record: RandomRecord;
  roll: (sides: number) => number;
};
type Outcome = {
  name: string;
  expected: boolean;
  answer: Answer<{ id: string }>;
  undo: (answer: Answer<{ id: string }>) => Promise<unknown>;
};

const may = ({ scene, user }: Attempt, verb: Parameters<typeof mayByTheWords>[2], record: WorldRecord) =>
  mayByTheWords(scene.world, user, verb, record);
const back =
  ({ scene, record }: Attempt) =>
  () =>
    putBack(scene.owner, scene.world, record);

async function change(attempt: Attempt): Promise<Outcome> {
  const { scene, user, module, record } = attempt;
  const answer = await scene.ask(
    user.id,
    module.change,
    { id: record.id, changes: { notes: "tried" } },
    await versionOf(attempt),
  );
  return { name: "change", expected: may(attempt, "edit", record), answer, undo: async () => undefined };
}

async function remove(attempt: Attempt): Promise<Outcome> {
  const { scene, user, module, record } = attempt;
  const answer = await scene.ask(user.id, module.delete, { id: record.id }, await versionOf(attempt));
  return { name: "delete", expected: may(attempt, "delete", record), answer, undo: back(attempt) };
}

async function restore(attempt: Attempt): Promise<Outcome> {
  const { scene, user, module, record } = attempt;
  const answer = await scene.ask(user.id, module.restore, { id: record.id }, await versionOf(attempt));
  const opensBin = scene.world.levels.some(({ number, bin }) => number === user.level && bin);
  return {
    name: "restore",
    expected: opensBin && may(attempt, "delete", record),
    answer,
    undo: back(attempt),
  };
}

/** Whoever hands a record over must still see it where it is then. */
async function reassign(attempt: Attempt): Promise<Outcome> {
  const { scene, user, module, record, roll } = attempt;
  const rolled = randomPlace(attempt, roll);
  const isAsBefore = Object.entries(rolled).every(
    ([name, value]) => record[name as keyof typeof rolled] === value,
  );
  // Handing it to those who have it already is no hand-over.
  const place = isAsBefore ? { responsible: record.responsible === user.id ? null : user.id } : rolled;
  const answer = await scene.ask(
    user.id,
    module.reassign,
    { id: record.id, ...place },
    await versionOf(attempt),
  );
  const withinReach =
    place.territory === undefined || place.territory === null || reaches(scene.world, user, place.territory);
  const expected =
    record.module !== "person" &&
    withinReach &&
    may(attempt, "reassign", record) &&
    may(attempt, "view", { ...record, ...place });
  return { name: `reassign ${JSON.stringify(place)}`, expected, answer, undo: back(attempt) };
}

/** Adding a record takes sight of what it hangs on, and of the record itself. */
async function create(attempt: Attempt): Promise<Outcome> {
  const { scene, user, module, record, roll } = attempt;
  const place = { ...randomPlace(attempt, roll), responsible: roll(2) === 0 ? user.id : record.responsible };
  const made: WorldRecord = { ...record, secondResponsible: null, territory: null, ...place };
  const own = {
    organisation: { name: "New" },
    product: { name: "New" },
    person: { lastName: "New" },
    opportunity: { name: "New", stage: "won" },
    activity: { name: "New", kind: "task" },
  };
  const relations = {
    ...(record.organisation === null ? {} : { organisation: record.organisation }),
    ...(record.person === null ? {} : { person: record.person }),
  };
  const input = {
    ...own[record.module],
    ...relations,
    ...(module.module.follows === undefined ? place : {}),
  };
  const answer = await scene.ask(user.id, module.create, input);
  const targets = [record.organisation, record.person]
    .filter((id) => id !== null)
    .map((id) => scene.world.records.find((each) => each.id === id));
  const targetsSeen = targets.every(
    (target) => target !== undefined && !target.binned && may(attempt, "view", target),
  );
  const withinReach =
    made.territory === null || record.module === "person" || reaches(scene.world, user, made.territory);
  const undo = (done: Answer<{ id: string }>) =>
    done.refused === undefined
      ? scene.owner.query(
          `with gone as (delete from public.search_word where record_id = $1) delete from public.${module.name} where id = $1`,
          [done.output.id],
        )
      : Promise.resolve();
  return {
    name: `create ${JSON.stringify(input)} like`,
    expected: targetsSeen && withinReach && may(attempt, "create", made),
    answer,
    undo,
  };
}

/** Some of the three; a territory of null leaves the place to be derived. */
function randomPlace({ scene: { world } }: Attempt, roll: (sides: number) => number) {
  const someone = () => world.users[roll(world.users.length + 1)]?.id ?? null;
  const somewhere = () => world.territories[roll(world.territories.length + 1)]?.id ?? null;
  const all = { responsible: someone(), secondResponsible: someone(), territory: somewhere() };
  const kept = Object.entries(all).filter(() => roll(2) === 0);
  return Object.fromEntries(kept.length === 0 ? [["responsible", all.responsible]] : kept) as Partial<
    typeof all
  >;
}

async function versionOf({ scene, record }: Attempt): Promise<number> {
  const { rows } = await scene.owner.query<{ version: number }>(
    `select version from public.${record.module} where id = $1`,
    [record.id],
  );
  return rows[0]?.version ?? 0;
}

/** One hash over every record and what is derived from it. */
async function recordsHash({ owner }: Scene): Promise<string> {
  const tables = [...nouns.map(({ name }) => name), "search_word"];
  const parts = tables.map(
    (table) =>
      `select coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '') as part from public.${table} t`,
  );
  const { rows } = await owner.query<{ hash: string }>(
    `select md5(string_agg(part, '|')) as hash from (${parts.join(" union all ")}) parts`,
  );
  return rows[0]?.hash ?? "";
}

/** A small generator, so that the same world is always attempted the same way. */
export function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return sides === 0 ? 0 : Math.floor((state / 4_294_967_296) * sides);
  };
}
