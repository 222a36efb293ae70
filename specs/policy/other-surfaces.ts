import { mayByTheWords, type WorldRecord, type WorldUser } from "#controls/oracle/index.ts";
import { board, home, nouns } from "./actions.ts";
import { dice } from "./attempts.ts";
import { administrator } from "./arrange-world.ts";
import { explain } from "./compare.ts";
import type { RandomRecord } from "./random-world.ts";
import type { Answer, Scene } from "./stage.ts";

export type Surfaces = { looked: number; wrong: string[] };

/** How many records each user opens to see what is shown around them. */
const opened = 2;
/** The most activities that home and a timeline show. */
const most = { home: 20, timeline: 50 };

/**
 * Surfaces that show records in a way of their own (board, home, timeline, who sees): none shows or counts one record
 * more, or fewer, than the oracle says.
 */
export async function otherSurfaces(scene: Scene): Promise<Surfaces> {
  const surfaces: Surfaces = { looked: 0, wrong: [] };
  const roll = dice(scene.world.dice);
  for (const user of scene.world.users) {
    const looks = [onBoard(scene, user), atHome(scene, user)];
    for (let each = 0; each < opened; each++) {
      const record = scene.world.records[roll(scene.world.records.length)];
      if (record !== undefined)
        looks.push(inTimeline(scene, user, record), amongWatchers(scene, user, record));
    }
    for (const look of await Promise.all(looks)) {
      surfaces.looked += 1;
      if (!isSame(look)) surfaces.wrong.push(explain(scene.world, { user: user.id, ...look }));
    }
  }
  return surfaces;
}

/** What one surface shows and what it should, in the same form. */
type Look = { surface: string; record: string; shown: unknown; expected: unknown };

const isSame = ({ shown, expected }: Look): boolean => JSON.stringify(shown) === JSON.stringify(expected);

async function onBoard(scene: Scene, user: WorldUser): Promise<Look> {
  const answer = await scene.ask(user.id, board, {});
  const mine = visible(scene, user, "opportunity");
  const stages = answer.refused === undefined ? answer.output.stages : refusedAs(answer, "signed_out", []);
  const cards = stages.flatMap(({ items }) => items.map(({ id }) => id));
  const shown = {
    count: stages.reduce((sum, { count }) => sum + count, 0),
    foreign: cards.filter((id) => !mine.includes(id)),
    emptyStages: stages.filter(({ count, items }) => count > 0 && items.length === 0).length,
  };
  return {
    surface: "board",
    record: "",
    shown,
    expected: { count: mine.length, foreign: [], emptyStages: 0 },
  };
}

async function atHome(scene: Scene, user: WorldUser): Promise<Look> {
  const answer = await scene.ask(user.id, home, {});
  const nothing = { activities: [], pipeline: [] };
  const { activities, pipeline } =
    answer.refused === undefined ? answer.output : refusedAs(answer, "signed_out", nothing);
  const responsible = new Map(scene.world.records.map((record) => [record.id, record.responsible]));
  const own = visible(scene, user, "activity").filter((id) => responsible.get(id) === user.id);
  const shown = {
    activities: activities.length,
    foreign: activities.filter(({ id }) => !own.includes(id)),
    pipeline: pipeline.reduce((sum, { count }) => sum + count, 0),
  };
  const expected = {
    activities: Math.min(own.length, most.home),
    foreign: [],
    pipeline: visible(scene, user, "opportunity").length,
  };
  return { surface: "home", record: "", shown, expected };
}

async function inTimeline(scene: Scene, user: WorldUser, record: RandomRecord): Promise<Look> {
  const noun = nouns.find(({ name }) => name === record.module)!;
  const answer = await scene.ask(user.id, noun.timeline, { id: record.id });
  const surface = "timeline";
  if (!mayByTheWords(scene.world, user, "view", record))
    return { surface, record: record.id, shown: answer.refused, expected: unseen(answer) };
  if (answer.refused !== undefined)
    return { surface, record: record.id, shown: answer.refused, expected: "shown" };
  // What refers to a record in the bin refers to nothing, for everybody.
  const people = visible(scene, user, "person", (each) => each.organisation === record.id);
  const around = visible(
    scene,
    user,
    "activity",
    (each) =>
      !record.binned &&
      ([each.organisation, each.person].includes(record.id) || people.includes(each.person ?? "")),
  );
  const shown = answer.output.items.flatMap(({ activity }) => (activity === undefined ? [] : [activity.id]));
  const all = around.length < most.timeline;
  return {
    surface,
    record: record.id,
    shown: all ? shown.sort() : shown.filter((id) => !around.includes(id)),
    expected: all ? around.sort() : [],
  };
}

async function amongWatchers(scene: Scene, user: WorldUser, record: RandomRecord): Promise<Look> {
  const noun = nouns.find(({ name }) => name === record.module)!;
  const answer = await scene.ask(user.id, noun.whoSees, { id: record.id });
  const surface = "who sees";
  if (!mayByTheWords(scene.world, user, "view", record))
    return { surface, record: record.id, shown: answer.refused, expected: unseen(answer) };
  const watchers = scene.world.users.filter((each) => mayByTheWords(scene.world, each, "view", record));
  const expected = [administrator, ...watchers.map(({ id }) => id)].sort((one, other) => one - other);
  const shown = answer.refused ?? answer.output.users.map(({ id }) => id).sort((one, other) => one - other);
  return { surface, record: record.id, shown, expected };
}

/** Who may not see a record is told that there is none, or is not signed in at all. */
const unseen = ({ refused }: Answer<unknown>): string => (refused === "signed_out" ? refused : "not_found");

function visible(
  { world }: Scene,
  user: WorldUser,
  module: WorldRecord["module"],
  among: (record: RandomRecord) => boolean = () => true,
): string[] {
  return world.records
    .filter((record) => record.module === module && !record.binned && among(record))
    .filter((record) => mayByTheWords(world, user, "view", record))
    .map(({ id }) => id);
}

function refusedAs<T>(answer: { refused: string }, code: string, nothing: T): T {
  if (answer.refused !== code) throw new Error(`Refused: ${answer.refused}`);
  return nothing;
}
