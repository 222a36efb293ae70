import { sql } from "kysely";
import { allowed, type Placed } from "#access/index.ts";
import { planned, type Actor, type Db } from "#core/index.ts";
import { columnOf } from "./columns.ts";
import { fieldsOf, type Field, type Module } from "./definition.ts";

/** A record as it is to be stored, by its columns; the territory is its own only when it was set. */
export type Unplaced = { readonly [column: string]: unknown };
type Hanging = { readonly on: Field; readonly id: string };

const ownPlaces = new Set(["responsible_id", "second_responsible_id", "territory_id", "territory_set"]);

/** Whether setting these columns may change whose a record is, or where. */
export function mayPlace(module: Module, values: Unplaced): boolean {
  const relations = placingFields(module).map(columnOf);
  return Object.keys(values).some((column) => ownPlaces.has(column) || relations.includes(column));
}

/**
 * Whose the records will be and where, as the database will derive it (migrations: place_record), told from what the
 * actor sees. Undefined for one that hangs on what is out of his sight: there the database alone can judge.
 */
export async function placesAfter(
  db: Db,
  actor: Actor,
  module: Module,
  records: readonly Unplaced[],
): Promise<(Placed | undefined)[]> {
  const above = await placesAbove(
    db,
    actor,
    records.flatMap((record) => hangingOn(module, record) ?? []),
  );
  const homes = await homesOf(db, records);
  return records.map((record) => {
    const hanging = hangingOn(module, record);
    const place = hanging === undefined ? undefined : above.get(hanging.id);
    if (module.follows !== undefined) return place;
    const [responsible, second] = [
      numberIn(record, "responsible_id"),
      numberIn(record, "second_responsible_id"),
    ];
    const people = { responsible_id: responsible, second_responsible_id: second };
    if (record["territory_set"] === true)
      return { ...people, territory_id: numberIn(record, "territory_id") };
    if (hanging !== undefined && place === undefined) return undefined;
    return { ...people, territory_id: place?.territory_id || (homes.get(responsible) ?? 0) };
  });
}

const placingFields = (module: Module) => fieldsOf(module).filter((field) => field.places === true);

const numberIn = (record: Unplaced, column: string) => (record[column] ?? null) as number | null;

/** The first placing relation that is filled. */
function hangingOn(module: Module, record: Unplaced): Hanging | undefined {
  for (const on of placingFields(module)) {
    const id = record[columnOf(on)];
    if (typeof id === "string") return { on, id };
  }
  return undefined;
}

/** A person stands where its organisation does, so what hangs on a person need not look further. */
async function placesAbove(db: Db, actor: Actor, hanging: readonly Hanging[]): Promise<Map<string, Placed>> {
  const places = new Map<string, Placed>();
  for (const [module, wanted] of Map.groupBy(hanging, ({ on }) =>
    on.type === "relation" ? on.module : "",
  )) {
    const ids = wanted.map(({ id }) => id);
    const { rows } = await sql<Placed & { id: string }>`
      select r.id, r.territory_id, r.responsible_id, r.second_responsible_id from ${sql.table(`public.${module}`)} r
      where r.id = any(${ids}::uuid[]) and ${allowed(actor, module, "view", "r")}`.execute(planned(db));
    for (const { id, ...place } of rows) places.set(id, place);
  }
  return places;
}

async function homesOf(db: Db, records: readonly Unplaced[]): Promise<Map<number | null, number>> {
  const ids = records.flatMap((record) => numberIn(record, "responsible_id") ?? []);
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{ id: number; home: number }>`
    select id, home_territory as home from access.users where id = any(${ids}::integer[])`.execute(
    planned(db),
  );
  return new Map(rows.map(({ id, home }) => [id, home]));
}
