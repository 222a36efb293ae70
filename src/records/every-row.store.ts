import { sql } from "kysely";
import { allowed } from "#access/index.ts";
import { planned, type Actor, type Db, type Verb } from "#core/index.ts";
import { columnOf } from "./columns.ts";
import type { Field, Module } from "./definition.ts";
import type { ListQuestion } from "./list.store.ts";
import { columnsOf, recordOf, shown, type ShownRecord } from "./shown.store.ts";

/** Few enough that a page of the largest records is a few megabytes. */
const pageRows = 100;

type EveryRow = Pick<ListQuestion, "module" | "fields" | "filter" | "sort" | "descending"> & { verb: Verb };

/**
 * Every row of a list in its order, page by page, all of one snapshot. A cursor holds the ids alone, so that a million
 * records of whatever size are put in order once; each page is read when it is asked for.
 */
export async function* everyVisible(db: Db, actor: Actor, asked: EveryRow): AsyncGenerator<ShownRecord[]> {
  const { module, filter, sort, descending, verb } = asked;
  const direction = sql.raw(descending ? "desc" : "asc");
  await sql`declare every_row no scroll cursor for
    select r.id from ${sql.table(`public.${module.name}`)} r
    where ${allowed(actor, module.name, "view", "r")} and ${allowed(actor, module.name, verb, "r")}
      and r.deleted_at is null and ${filter ?? sql`true`}
    order by ${sql.ref(`r.${columnOf(sort)}`)} ${direction} nulls last, r.id ${direction}`.execute(db);
  for (;;) {
    const { rows } = await sql<{ id: string }>`fetch ${sql.lit(pageRows)} from every_row`.execute(db);
    if (rows.length === 0) return;
    yield await pageOf(db, actor, module, asked.fields, rows);
  }
}

async function pageOf(
  db: Db,
  actor: Actor,
  module: Module,
  fields: readonly Field[],
  rows: readonly { id: string }[],
): Promise<ShownRecord[]> {
  const ids = rows.map(({ id }) => id);
  const page = sql`select ${columnsOf(fields)} from ${sql.table(`public.${module.name}`)} r where r.id = any(${ids}::uuid[])`;
  const read = await shown(actor, fields, page).execute(planned(db));
  const records = new Map(read.rows.map((row) => [String(row["id"]), row]));
  return ids.flatMap((id) => {
    const row = records.get(id);
    return row === undefined ? [] : [recordOf(fields, row)];
  });
}
