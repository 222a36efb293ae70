import { sql } from "kysely";
import type { Db } from "#core/index.ts";
import { placeUsers } from "../users/index.ts";

export type NewUser = {
  name: string;
  fullName: string;
  level: number;
  territory: number | null;
  group: number | null;
};
/** Every name that is taken, also of users who may no longer sign in; lower case. */
export type TakenNames = { signIn: Set<string>; full: Set<string> };

export async function readTakenNames(db: Db): Promise<TakenNames> {
  const { rows } = await sql<{
    name: string;
    full: string;
  }>`select lower(name) as name, lower(full_name) as full from access.users`.execute(db);
  return { signIn: new Set(rows.map(({ name }) => name)), full: new Set(rows.map(({ full }) => full)) };
}

export async function readLevels(db: Db): Promise<Set<number>> {
  const { rows } = await sql<{ number: number }>`select number from access.level`.execute(db);
  return new Set(rows.map(({ number }) => number));
}

/** Adds users who cannot sign in yet; all at once, since everybody's reach is worked out anew after each statement. */
export async function insertUsers(db: Db, users: readonly NewUser[], language: string): Promise<number[]> {
  const { rows } = await sql<{
    id: number;
    name: string;
  }>`insert into access.users (name, full_name, level, home_territory, language)
    select name, full_name, level, coalesce(territory, 0), ${language}
    from unnest(${users.map(({ name }) => name)}::text[], ${users.map(({ fullName }) => fullName)}::text[], ${users.map(({ level }) => level)}::integer[],
      ${users.map(({ territory }) => territory)}::integer[]) u(name, full_name, level, territory) returning id, name`.execute(
    db,
  );
  const ids = new Map(rows.map(({ id, name }) => [name, id]));
  await placeUsers(
    db,
    users.map(({ name, territory, group }) => ({
      user: ids.get(name) ?? 0,
      territories: territory === null ? undefined : [territory],
      groups: group === null ? undefined : [group],
    })),
  );
  return users.map(({ name }) => ids.get(name) ?? 0);
}

/** The groups the asker may put others into. */
export async function readKeptGroups(db: Db): Promise<Set<number>> {
  const { rows } = await sql<{
    id: number;
  }>`select id from access.groups where access.may_keep_group(id)`.execute(db);
  return new Set(rows.map(({ id }) => id));
}

/** Users of an import who are as it made them: never changed, never signed in. */
export async function untouchedUsers(
  db: Db,
  ids: readonly number[],
): Promise<{ id: number; fullName: string; level: number; territories: number[]; untouched: boolean }[]> {
  const { rows } = await sql<{
    id: number;
    fullName: string;
    level: number;
    territories: number[];
    untouched: boolean;
  }>`
    select u.id, u.full_name as "fullName", u.level, u.version = 1 and u.last_sign_in_at is null as untouched,
      coalesce((select array_agg(t.territory_id) from access.user_territory t where t.user_id = u.id), '{}') as territories
    from access.users u where u.id = any(${ids}::integer[]) and u.active order by u.id`.execute(db);
  return rows;
}
