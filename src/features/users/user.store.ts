import { sql } from "kysely";
import type { Db } from "#core/index.ts";
import type { ChangedUser, NewUser, User } from "./user-shape.ts";

const columns = sql`u.id, u.name, u.full_name as "fullName", u.email, u.level, nullif(u.home_territory, 0) as "homeTerritory",
  u.language, u.active, u.blocked_at as "blockedAt", access.open_sessions(u.id) as "openSessions", u.last_sign_in_at as "lastSignInAt", u.version,
  coalesce((select array_agg(t.territory_id) from access.user_territory t where t.user_id = u.id), '{}') as territories,
  coalesce((select array_agg(g.group_id) from access.user_group g where g.user_id = u.id), '{}') as groups`;

export async function listUsers(db: Db): Promise<User[]> {
  const { rows } = await sql<User>`select ${columns} from access.users u order by u.full_name, u.id`.execute(
    db,
  );
  return rows;
}

export async function findUser(db: Db, userId: number): Promise<User | undefined> {
  const { rows } = await sql<User>`select ${columns} from access.users u where u.id = ${userId}`.execute(db);
  return rows[0];
}

/** Nobody else changes him until this request has ended. */
export async function findLocked(db: Db, userId: number): Promise<User | undefined> {
  await sql`select from access.users where id = ${userId} for no key update`.execute(db);
  return await findUser(db, userId);
}

export async function insertUser(db: Db, user: NewUser): Promise<number> {
  const { rows } = await sql<{
    id: number;
  }>`insert into access.users (name, full_name, email, level, home_territory, language)
    values (${user.name}, ${user.fullName}, ${user.email ?? null}, ${user.level}, ${user.homeTerritory ?? 0}, ${user.language}) returning id`.execute(
    db,
  );
  const id = rows[0]?.id ?? 0;
  await setMemberships(db, id, user);
  return id;
}

export async function updateUser(db: Db, userId: number, changes: ChangedUser): Promise<void> {
  const values = [
    changes.name === undefined ? [] : [sql`name = ${changes.name}`],
    changes.fullName === undefined ? [] : [sql`full_name = ${changes.fullName}`],
    changes.email === undefined ? [] : [sql`email = ${changes.email}`],
    changes.level === undefined ? [] : [sql`level = ${changes.level}`],
    changes.homeTerritory === undefined ? [] : [sql`home_territory = ${changes.homeTerritory ?? 0}`],
    changes.active === undefined ? [] : [sql`active = ${changes.active}`],
  ].flat();
  await sql`update access.users set ${sql.join([...values, sql`version = version + 1`])} where id = ${userId}`.execute(
    db,
  );
  await setMemberships(db, userId, changes);
}

async function setMemberships(
  db: Db,
  userId: number,
  { territories, groups }: { territories?: number[] | undefined; groups?: number[] | undefined },
): Promise<void> {
  await placeUsers(db, [{ user: userId, territories, groups }]);
}

export type Placed = {
  user: number;
  territories: readonly number[] | undefined;
  groups: readonly number[] | undefined;
};

/** Puts users into exactly these territories and groups; undefined leaves them. The database refuses what is beyond the asker. */
export async function placeUsers(db: Db, places: readonly Placed[]): Promise<void> {
  await sql`select access.place_users(${JSON.stringify(places)})`.execute(db);
}

export async function unblockUser(db: Db, userId: number): Promise<void> {
  await sql`select access.unblock(${userId})`.execute(db);
}

type Named = { id: number; name: string };

export async function listPeople(db: Db): Promise<Named[]> {
  const { rows } =
    await sql<Named>`select id, full_name as name from access.users where active and level > 1 order by full_name, id`.execute(
      db,
    );
  return rows;
}
