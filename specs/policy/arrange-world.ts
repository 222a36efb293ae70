import type { ClientBase } from "pg";
import { newToken, tokenHash } from "#features/sign-in/index.ts";
import { oracleModules, type OracleModule } from "#controls/oracle/index.ts";
import type { RandomRecord, RandomWorld, steps } from "./random-world.ts";

/** Holds all rights and belongs to no world. */
export const administrator = 1;

/** Makes the tenant's database hold exactly this world, by way of another one; answers with a session token per user. */
export async function arrangeWorld(owner: ClientBase, world: RandomWorld): Promise<Map<number, string>> {
  await empty(owner);
  await addEverything(owner, world);
  const settle: Record<(typeof steps)[number], () => Promise<unknown>> = {
    territories: () =>
      owner.query(
        `update access.territory t set parent_id = w.parent
         from jsonb_to_recordset($1) w(id int, parent int) where t.id = w.id`,
        [JSON.stringify(world.territories)],
      ),
    homes: () => setUsers(owner, world, "home_territory = coalesce(w.home, 0)"),
    users: () => setUsers(owner, world, "level = w.level"),
    memberships: () => addMemberships(owner, world),
    setting: () =>
      owner.query("update access.setting set value = $1 where key = 'hideUnplaced'", [
        String(world.hideUnplaced),
      ]),
    organisations: () => place(owner, world, "organisation"),
    followers: async () => {
      for (const module of ["activity", "person", "opportunity", "product"] as const)
        await place(owner, world, module);
    },
  };
  for (const step of world.order) await settle[step]();
  return await openSessions(owner, world);
}

async function empty(owner: ClientBase): Promise<void> {
  await owner.query(`truncate access.users, access.groups, public.search_word, public.audit, public.product cascade;
    delete from access.territory where id <> 0; delete from access.level where number between 30 and 40;
    update access.setting set value = 'false' where key = 'hideUnplaced'`);
}

async function addEverything(owner: ClientBase, world: RandomWorld): Promise<void> {
  await owner.query(
    `insert into access.level (number, name, rights, permissions)
     select number, '{"en": "Random", "da": "Tilfældig"}', rights, case when bin then array['bin'] else '{}' end
     from jsonb_to_recordset($1) w(number int, rights jsonb, bin boolean) on conflict do nothing`,
    [JSON.stringify(world.levels)],
  );
  await owner.query(
    "insert into access.territory (id, name) select id, 't' || id from unnest($1::int[]) id",
    [world.territories.map(({ id }) => id)],
  );
  await owner.query(
    "insert into access.groups (id, name) select id, 'g' || id from generate_series(1, 3) id",
  );
  await owner.query(
    `insert into access.users (id, name, full_name, level) select id, 'u' || id, 'User ' || id, 99 from unnest($1::int[]) id`,
    [[administrator, ...world.users.map(({ id }) => id)]],
  );
  for (const module of oracleModules) {
    const { columns, values } = required[module];
    await owner.query(
      `insert into public.${module} (id, deleted_at, responsible_id, second_responsible_id, territory_id, territory_set${columns})
       select id, case when binned then now() end, responsible, "secondResponsible", coalesce(territory, 0), territory is not null${values}
       from jsonb_to_recordset($1) w(id uuid, name text, binned boolean, responsible int, "secondResponsible" int, territory int, organisation uuid, person uuid)`,
      [JSON.stringify(recordsOf(world, module).map(({ before, ...record }) => ({ ...record, ...before })))],
    );
  }
}

const required: Record<OracleModule, { columns: string; values: string }> = {
  organisation: { columns: ", name", values: ", name" },
  person: { columns: ", last_name, organisation_id", values: ", name, organisation" },
  product: { columns: ", name", values: ", name" },
  opportunity: {
    columns: ", name, stage, organisation_id, person_id",
    values: ", name, 'won', organisation, person",
  },
  activity: {
    columns: ", name, kind, organisation_id, person_id",
    values: ", name, 'task', organisation, person",
  },
};

async function place(owner: ClientBase, world: RandomWorld, module: OracleModule) {
  const relations = {
    person: ", organisation_id = w.organisation",
    opportunity: ", organisation_id = w.organisation, person_id = w.person",
    activity: ", organisation_id = w.organisation, person_id = w.person",
  };
  await owner.query(
    `update public.${module} r set responsible_id = w.responsible, second_responsible_id = w."secondResponsible",
       territory_id = coalesce(w.territory, 0), territory_set = w.territory is not null ${relations[module as "person"] ?? ""}
     from jsonb_to_recordset($1) w(id uuid, responsible int, "secondResponsible" int, territory int, organisation uuid, person uuid)
     where r.id = w.id`,
    [JSON.stringify(recordsOf(world, module))],
  );
}

/** Puts one record back where the world has it. */
export async function putBack(owner: ClientBase, world: RandomWorld, record: RandomRecord): Promise<void> {
  await owner.query(
    `update public.${record.module} set deleted_at = case when $2 then now() end where id = $1`,
    [record.id, record.binned],
  );
  await place(owner, { ...world, records: [record] }, record.module);
}

const recordsOf = (world: RandomWorld, module: OracleModule) =>
  world.records.filter((each) => each.module === module);

async function setUsers(owner: ClientBase, world: RandomWorld, assignment: string): Promise<void> {
  await owner.query(
    `update access.users u set ${assignment} from jsonb_to_recordset($1) w(id int, level int, home int) where u.id = w.id`,
    [JSON.stringify(world.users.map(({ id, level, homeTerritory }) => ({ id, level, home: homeTerritory })))],
  );
}

async function addMemberships(owner: ClientBase, world: RandomWorld): Promise<void> {
  const pairs = (of: (user: RandomWorld["users"][number]) => number[]) =>
    JSON.stringify(world.users.flatMap((user) => of(user).map((other) => ({ user: user.id, other }))));
  const insert = (into: string) =>
    `insert into ${into} select "user", other from jsonb_to_recordset($1) w("user" int, other int)`;
  await owner.query(insert("access.user_territory (user_id, territory_id)"), [
    pairs((user) => user.territories),
  ]);
  await owner.query(insert("access.user_group (user_id, group_id)"), [pairs((user) => user.groups)]);
}

async function openSessions(owner: ClientBase, world: RandomWorld): Promise<Map<number, string>> {
  const tokens = new Map([administrator, ...world.users.map(({ id }) => id)].map((id) => [id, newToken()]));
  await owner.query(
    `insert into access.session (token_hash, user_id, idle_until, ends_at)
     select hash, id, now() + interval '1 day', now() + interval '1 day' from unnest($1::bytea[], $2::int[]) w(hash, id)`,
    [[...tokens.values()].map(tokenHash), [...tokens.keys()]],
  );
  return tokens;
}
