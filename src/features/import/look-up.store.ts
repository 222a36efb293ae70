import { sql } from "kysely";
import { allowed, type Placed } from "#access/index.ts";
import type { Actor, Db, Words } from "#core/index.ts";

/** A related record as far as an import needs it: its name, and what those that hang on it inherit. */
export type Related = Placed & { id: string; name: string };

/** The records of these names that the actor sees; writing a relation needs sight of its target (surfaces, rule 3). */
export async function namedRecords(
  db: Db,
  actor: Actor,
  module: string,
  names: readonly string[],
): Promise<Related[]> {
  const { rows } =
    await sql<Related>`select r.id, r.name, r.territory_id, r.responsible_id, r.second_responsible_id
    from ${sql.table(`public.${module}`)} r where r.name = any(${names}::text[]) and r.deleted_at is null and ${allowed(actor, module, "view", "r")}`.execute(
      db,
    );
  return rows;
}

/** Names in order that the actor sees; with beginnings, only those that begin so. */
export async function visibleNames(
  db: Db,
  actor: Actor,
  module: string,
  beginnings: readonly string[] | undefined,
  limit: number,
): Promise<string[]> {
  const begins = (beginnings ?? []).map(
    (start) => sql`(r.name >= ${start} and r.name < ${`${start}\u{10FFFF}`})`,
  );
  const { rows } = await sql<{ name: string }>`select r.name from ${sql.table(`public.${module}`)} r
    where ${begins.length === 0 ? sql`true` : sql`(${sql.join(begins, sql` or `)})`} and r.deleted_at is null and ${allowed(actor, module, "view", "r")}
    order by r.name, r.id limit ${limit}`.execute(db);
  return rows.map((row) => row.name);
}

export type Directory = {
  users: { id: number; name: string; fullName: string; homeTerritory: number }[];
  territories: { id: number; name: string }[];
  groups: { id: number; name: string }[];
  stages: { value: string; words: Words }[];
  currency: string;
  /** Home territories by user; 0 is none. */
  homes: ReadonlyMap<number, number>;
};

/** Everything that is matched by name and is no record. */
export async function readDirectory(db: Db): Promise<Directory> {
  const users = await sql<
    Directory["users"][number]
  >`select id, name, full_name as "fullName", home_territory as "homeTerritory" from access.users where active and level > 1`.execute(
    db,
  );
  const territories = await sql<{
    id: number;
    name: string;
  }>`select id, name from access.territory where id <> 0`.execute(db);
  const groups = await sql<{ id: number; name: string }>`select id, name from access.groups`.execute(db);
  const stages = await sql<
    Directory["stages"][number]
  >`select key as value, words from public.stage order by position`.execute(db);
  const setting = await sql<{
    currency: string;
  }>`select value #>> '{}' as currency from access.setting where key = 'currency'`.execute(db);
  return {
    users: users.rows,
    territories: territories.rows,
    groups: groups.rows,
    stages: stages.rows,
    currency: setting.rows[0]?.currency ?? "USD",
    homes: new Map(users.rows.map(({ id, homeTerritory }) => [id, homeTerritory])),
  };
}
