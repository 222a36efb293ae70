import {
  mayByTheWords,
  mayMoveHomeByTheWords,
  mayWriteByTheWords,
  reaches,
  type WorldUser,
} from "#controls/oracle/index.ts";
import { changeUser } from "#features/users/index.ts";
import { nouns, type Noun } from "./actions.ts";
import type { RandomRecord, RandomWorld } from "./random-world.ts";
import type { Answer, Scene } from "./stage.ts";

type Roll = (sides: number) => number;
type Done = Answer<{ id: string }>;

/** One write by one user: what the words say of it, and how it is made in each way. */
export type Write = {
  readonly name: string;
  readonly user: WorldUser;
  readonly expected: boolean;
  /** Left out where the database alone is not what refuses: sight of a target, opening the bin. */
  readonly statement?: { readonly text: string; readonly values: readonly unknown[] };
  readonly ask: () => Promise<Done>;
  /** The world after it. */
  readonly after: (done: { id: string }) => RandomWorld;
};

type OnRecord = { scene: Scene; user: WorldUser; roll: Roll; record: RandomRecord; noun: Noun };

/** Any kind of write, by anybody, to anything. */
export function randomWrite(scene: Scene, roll: Roll): Write {
  if (roll(6) === 0) return moveHome(scene, roll);
  const user = oneOf(scene.world.users, roll);
  const record = oneOf(scene.world.records, roll);
  const noun = nouns.find(({ name }) => name === record.module)!;
  const asked = { scene, user, roll, record, noun };
  if (record.binned) return bin(asked);
  return oneOf([edit, move, move, move, hand, hand, bin], roll)(asked);
}

function edit({ scene, user, record, noun, roll }: OnRecord): Write {
  const notes = `tried ${roll(1_000_000)}`;
  return {
    name: "edit",
    user,
    expected: mayWriteByTheWords(scene.world, user, record, record, { edited: true, deleted: false }),
    statement: {
      text: `update public.${noun.name} set notes = $2 where id = $1`,
      values: [record.id, notes],
    },
    ask: async () =>
      scene.ask(user.id, noun.change, { id: record.id, changes: { notes } }, await versionOf(scene, record)),
    after: () => scene.world,
  };
}

/** Puts a record under another one, or under none. */
function move(asked: OnRecord): Write {
  const { scene, user, record, noun, roll } = asked;
  const { world } = scene;
  if (record.module === "organisation" || record.module === "product") return edit(asked);
  const field = record.module === "person" || roll(2) === 0 ? "organisation" : "person";
  const targets = world.records.filter(({ module, binned }) => module === field && !binned);
  const none = record.module !== "person" && roll(4) === 0;
  const target = none ? null : oneOf(targets, roll);
  if (target === undefined || (target?.id ?? null) === record[field]) return edit(asked);
  const after = { ...record, [field]: target?.id ?? null };
  const seen = target === null || mayByTheWords(world, user, "view", target);
  const text = `update public.${noun.name} set ${field}_id = $2 where id = $1`;
  return {
    name: `move under ${field} ${target?.id}`,
    user,
    expected: seen && mayWriteByTheWords(world, user, record, after, { edited: true, deleted: false }),
    ...(seen ? { statement: { text, values: [record.id, target?.id ?? null] } } : {}),
    ask: async () =>
      scene.ask(
        user.id,
        noun.change,
        { id: record.id, changes: { [field]: target?.id ?? null } },
        await versionOf(scene, record),
      ),
    after: () => replaced(world, after),
  };
}

/** Hands a record over to other people, or to another place. */
function hand(asked: OnRecord): Write {
  const { scene, user, record, noun, roll } = asked;
  const { world } = scene;
  if (record.module === "person") return move(asked);
  const someone = () => (roll(3) === 0 ? null : oneOf([user, ...world.users], roll).id);
  const somewhere = () => (roll(3) === 0 ? null : oneOf(world.territories, roll).id);
  const place = oneOf(
    [{ responsible: someone() }, { secondResponsible: someone() }, { territory: somewhere() }],
    roll,
  );
  const after = { ...record, ...place };
  if (JSON.stringify(after) === JSON.stringify(record)) return edit(asked);
  const reached =
    after.territory === null || !("territory" in place) || reaches(world, user, after.territory);
  return {
    name: `reassign ${JSON.stringify(place)}`,
    user,
    expected: reached && mayWriteByTheWords(world, user, record, after, { edited: false, deleted: false }),
    statement: {
      text: `update public.${noun.name} set responsible_id = $2, second_responsible_id = $3,
        territory_id = coalesce($4, territory_id), territory_set = $4 is not null where id = $1`,
      values: [record.id, after.responsible, after.secondResponsible, after.territory],
    },
    ask: async () =>
      scene.ask(user.id, noun.reassign, { id: record.id, ...place }, await versionOf(scene, record)),
    after: () => replaced(world, after),
  };
}

/** Into the bin, or out of it. */
function bin({ scene, user, record, noun }: OnRecord): Write {
  const { world } = scene;
  const opensBin = world.levels.some(({ number, bin: opens }) => number === user.level && opens);
  const after = { ...record, binned: !record.binned };
  const action = record.binned ? noun.restore : noun.delete;
  return {
    name: record.binned ? "restore" : "delete",
    user,
    expected:
      (!record.binned || opensBin) &&
      mayWriteByTheWords(world, user, record, record, { edited: false, deleted: true }),
    ...(record.binned && !opensBin
      ? {}
      : {
          statement: {
            text: `update public.${noun.name} set deleted_at = case when $2 then now() end where id = $1`,
            values: [record.id, after.binned],
          },
        }),
    ask: async () => scene.ask(user.id, action, { id: record.id }, await versionOf(scene, record)),
    after: () => replaced(world, after),
  };
}

/** Gives somebody another home, with which the records that stand there move. */
export function moveHome(scene: Scene, roll: Roll): Write {
  const user = oneOf(scene.world.users, roll);
  const { world, owner } = scene;
  const whose = oneOf(world.users, roll);
  const home = roll(3) === 0 ? null : oneOf(world.territories, roll).id;
  const administers = [80, 99].includes(user.level);
  const within =
    whose.territories.length > 0 && whose.territories.every((each) => reaches(world, user, each));
  const holds = user.level >= whose.level && (user.territories.length === 0 || within);
  return {
    name: `home of ${whose.id} ${home}`,
    user,
    expected: administers && holds && mayMoveHomeByTheWords(world, user, whose, home),
    ...(administers && holds
      ? {
          statement: {
            text: "update access.users set home_territory = coalesce($2, 0) where id = $1",
            values: [whose.id, home],
          },
        }
      : {}),
    ask: async () => {
      const { rows } = await owner.query<{ version: number }>(
        "select version from access.users where id = $1",
        [whose.id],
      );
      const changes = { homeTerritory: home };
      return (await scene.ask(
        user.id,
        changeUser,
        { userId: whose.id, changes },
        rows[0]?.version,
      )) as unknown as Done;
    },
    after: () => ({
      ...world,
      users: world.users.map((each) => (each === whose ? { ...whose, homeTerritory: home } : each)),
    }),
  };
}

const oneOf = <T>(all: readonly T[], roll: Roll): T => all[roll(all.length)] as T;

const replaced = (world: RandomWorld, now: RandomRecord): RandomWorld => ({
  ...world,
  records: world.records.map((each) => (each.id === now.id ? now : each)),
});

async function versionOf({ owner }: Scene, { module, id }: RandomRecord): Promise<number> {
  const { rows } = await owner.query<{ version: number }>(
    `select version from public.${module} where id = $1`,
    [id],
  );
  return rows[0]?.version ?? 0;
}
