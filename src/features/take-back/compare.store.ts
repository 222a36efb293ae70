import { sql } from "kysely";
import { allowed } from "#access/index.ts";
import { planned, type Actor, type Db } from "#core/index.ts";
import { columnOf, ownFields, type Module } from "#records/index.ts";
import { placesOf, type Row } from "./compared-fields.ts";

/** A record in short: `sum` is over everything in which it is compared. */
export type Mark = { id: string; version: number; live: boolean; sum: string };

/** The actor's records of a module after an id, in the order of their ids, those of the bin too. */
export async function marksAfter(
  db: Db,
  actor: Actor,
  module: Module,
  after: string,
  limit: number,
): Promise<Mark[]> {
  const columns = ownFields(module).map((field) => sql.ref(`r.${columnOf(field)}`));
  const places =
    placesOf(module).length === 0
      ? []
      : [
          sql`r.responsible_id, r.second_responsible_id, r.territory_set, case when r.territory_set then r.territory_id end`,
        ];
  const { rows } = await sql<Mark>`select r.id, r.version, r.deleted_at is null as live,
      hash_record_extended(row(${sql.join([...columns, ...places])}), 0)::text as sum
    from ${sql.table(`public.${module.name}`)} r
    where r.id > ${after} and ${allowed(actor, module.name, "view", "r")} order by r.id limit ${limit}`.execute(
    planned(db),
  );
  return rows;
}

/** Which of these records are not there at all, in sight or out of it. */
export async function absentAmong(db: Db, module: Module, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{
    id: string;
  }>`select id from public.absent(${module.name}, ${ids}::uuid[]) id`.execute(planned(db));
  return new Set(rows.map(({ id }) => id));
}

/** These records as stored, as far as the actor sees them; locked for change in the order of their ids. */
export async function rowsOf(
  db: Db,
  actor: Actor,
  module: Module,
  ids: readonly string[],
  options: { lock?: boolean } = {},
): Promise<Map<string, Row>> {
  const { rows } = await sql<Row>`select r.* from ${sql.table(`public.${module.name}`)} r
    where r.id = any(${ids}::uuid[]) and ${allowed(actor, module.name, "view", "r")} order by r.id
    ${sql.raw(options.lock === true ? "for no key update" : "")}`.execute(planned(db));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Who changed each last, by full name. */
export async function changersOf(db: Db, rows: Iterable<Row>): Promise<Map<unknown, string>> {
  const ids = [...new Set([...rows].map((row) => row["changed_by"]))].filter((id) => id !== null);
  const { rows: users } = await sql<{ id: number; name: string }>`
    select id, full_name as name from access.users where id = any(${ids}::integer[])`.execute(planned(db));
  return new Map(users.map(({ id, name }) => [id, name]));
}
