import { sql } from "kysely";
import type { Db, Rights, Words } from "#core/index.ts";

export type Territory = { id: number; name: string; parent: number | null };
export type Group = { id: number; name: string };

export async function listTerritories(db: Db): Promise<Territory[]> {
  const { rows } =
    await sql<Territory>`select id, name, parent_id as parent from access.territory where id <> 0 order by name`.execute(
      db,
    );
  return rows;
}

export async function insertTerritory(db: Db, name: string, parent: number | null): Promise<Territory> {
  const { rows } =
    await sql<Territory>`insert into access.territory (name, parent_id) values (${name}, ${parent}) returning id, name, parent_id as parent`.execute(
      db,
    );
  return rows[0] as Territory;
}

export async function updateTerritory(
  db: Db,
  id: number,
  changes: { name?: string | undefined; parent?: number | null | undefined },
): Promise<Territory | undefined> {
  const { rows } =
    await sql<Territory>`update access.territory set name = coalesce(${changes.name ?? null}, name),
    parent_id = ${changes.parent === undefined ? sql`parent_id` : sql`${changes.parent}`} where id = ${id} and id <> 0 returning id, name, parent_id as parent`.execute(
      db,
    );
  return rows[0];
}

export async function listGroups(db: Db): Promise<Group[]> {
  const { rows } = await sql<Group>`select id, name from access.groups order by name`.execute(db);
  return rows;
}

export async function insertGroup(db: Db, name: string): Promise<Group> {
  const { rows } =
    await sql<Group>`insert into access.groups (name) values (${name}) returning id, name`.execute(db);
  return rows[0] as Group;
}

export async function renameGroup(db: Db, id: number, name: string): Promise<Group | undefined> {
  const { rows } =
    await sql<Group>`update access.groups set name = ${name} where id = ${id} returning id, name`.execute(db);
  return rows[0];
}

export type LevelRow = { number: number; name: Words; rights: Rights; permissions: string[] };

export async function listLevels(db: Db): Promise<LevelRow[]> {
  const { rows } =
    await sql<LevelRow>`select number, name, rights, permissions from access.level order by number`.execute(
      db,
    );
  return rows;
}

export type SignInRow = {
  id: number;
  at: string;
  name: string;
  user: { id: number; name: string } | null;
  ip: string;
  outcome: string;
  userAgent: string | null;
};

export async function listSignIns(db: Db, before: number | undefined, limit: number): Promise<SignInRow[]> {
  const { rows } =
    await sql<SignInRow>`select s.id, s.at, s.name, host(s.ip) as ip, s.outcome, s.user_agent as "userAgent",
      case when u.id is null then null else jsonb_build_object('id', u.id, 'name', u.full_name) end as user
    from access.sign_in s left join access.users u on u.id = s.user_id
    where ${before === undefined ? sql`true` : sql`s.id < ${before}`} order by s.id desc limit ${limit}`.execute(
      db,
    );
  return rows;
}
