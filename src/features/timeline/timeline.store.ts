import { sql, type RawBuilder } from "kysely";
import { allowed } from "#access/index.ts";
import { scopeOf, type Actor, type Db } from "#core/index.ts";
import { allModules } from "#modules/index.ts";
import {
  chosenFields,
  columnOf,
  fieldsOf,
  getField,
  listVisible,
  visibleAmong,
  type FieldChange,
  type Module,
  type ShownRecord,
} from "#records/index.ts";
import type { Mark } from "./mark.ts";

export type HistoryRow = {
  seq: number;
  at: string;
  user_id: number | null;
  by: string | null;
  action: string;
  detail: { changes: FieldChange[] };
};

export async function historyOf(
  db: Db,
  module: Module,
  id: string,
  before: number | null,
  limit: number,
): Promise<HistoryRow[]> {
  const { rows } =
    await sql<HistoryRow>`select h.*, u.full_name as by from public.history(${module.name}, ${id}, ${before}, ${limit}) h
    left join access.users u on u.id = h.user_id order by h.seq desc`.execute(db);
  return rows;
}

/** The changes in words: what they refer to is named only as far as the reader sees it today. */
export async function namedChanges(
  db: Db,
  actor: Actor,
  module: Module,
  rows: readonly HistoryRow[],
): Promise<FieldChange[][]> {
  const fields = new Map(fieldsOf(module).map((field) => [field.name, field]));
  const asked = new Map<string, Set<unknown>>();
  for (const change of rows.flatMap((row) => row.detail.changes)) {
    const field = fields.get(change.field);
    const source = field?.type === "relation" ? field.module : field?.type;
    if (source !== undefined)
      asked.set(source, new Set([...(asked.get(source) ?? []), change.before, change.after]));
  }
  const names = new Map<string, Map<unknown, string>>();
  for (const [source, values] of asked) {
    const ids = [...values].filter((value) => value !== null && value !== 0);
    if (source === "user" || source === "territory")
      names.set(source, await placeNames(db, source, ids as number[]));
    else if ([...fields.values()].some((field) => field.type === "relation" && field.module === source))
      names.set(source, await visibleAmong(db, actor, source, ids as string[]));
  }
  return rows.map((row) =>
    row.detail.changes.map((change) => {
      const field = fields.get(change.field);
      const known = names.get(field?.type === "relation" ? field.module : (field?.type ?? ""));
      const named = (value: unknown) =>
        known === undefined || value === null ? value : (known.get(value) ?? null);
      return { field: change.field, before: named(change.before), after: named(change.after) };
    }),
  );
}

async function placeNames(
  db: Db,
  source: "user" | "territory",
  ids: readonly number[],
): Promise<Map<unknown, string>> {
  const from =
    source === "user"
      ? sql`select id, full_name as name from access.users`
      : sql`select id, name from access.territory`;
  const { rows } = await sql<{ id: number; name: string }>`${from} where id = any(${ids}::integer[])`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}

export type Watcher = {
  id: number;
  full_name: string;
  level: number;
  level_name: { en: string; da: string };
  scope: string;
  everywhere: boolean;
};

/** Everybody whose rights reach a record placed so. */
export async function whoMayView(
  db: Db,
  module: string,
  place: readonly [number, number | null, number | null],
): Promise<Watcher[]> {
  const { rows } =
    await sql<Watcher>`select * from access.who_may(${module}, 'view', ${place[0]}, ${place[1]}, ${place[2]})`.execute(
      db,
    );
  return rows;
}

type Around = { module: Module; activity: Module; id: string; mark: Mark; limit: number };

/**
 * The activities linked to a record, or to what belongs to it (a deal of an organisation or of a contact), newest
 * first, as far as the actor sees both. Each counts at the time it was done, else is due, else was made.
 */
export async function activitiesAround(
  db: Db,
  actor: Actor,
  { module, activity, id, mark, limit }: Around,
): Promise<{ at: string; record: ShownRecord }[]> {
  const ways = waysTo(actor, module, activity, id);
  if (ways.length === 0) return [];
  const at = sql`date_trunc('milliseconds', coalesce(r.done_at, r.due_at, r.created_at))`;
  const earlier =
    mark.id === null ? sql`true` : sql`(${at}, r.id) < (${mark.at}::timestamptz, ${mark.id}::uuid)`;
  const { rows } = await sql<{ id: string; at: string }>`select r.id, ${at} as at
    from ${sql.table(`public.${activity.name}`)} r where r.id in (${sql.join(ways, sql` union `)})
      and r.deleted_at is null and ${allowed(actor, activity.name, "view", "r")} and ${earlier}
    order by ${at} desc, r.id desc limit ${sql.lit(limit)}`.execute(db);
  const records = await listVisible(db, actor, {
    module: activity,
    fields: chosenFields(activity, undefined),
    filter: sql<boolean>`r.id = any(${rows.map((row) => row.id)}::uuid[])`,
    sort: getField(activity, activity.defaultSort, "sort"),
    descending: false,
    after: undefined,
    limit,
    bin: false,
  });
  const byId = new Map(records.map((record) => [record.id, record]));
  return rows.flatMap((row) => {
    const record = byId.get(row.id);
    return record === undefined ? [] : [{ at: row.at, record }];
  });
}

/** Empty when no field of an activity names records of this module. */
function waysTo(actor: Actor, module: Module, activity: Module, id: string): RawBuilder<unknown>[] {
  const links = activity.fields.filter((field) => field.type === "relation");
  const table = sql.table(`public.${activity.name}`);
  if (!links.some((link) => link.module === module.name)) return [];
  return links.flatMap((link) => {
    const column = sql.ref(`a.${columnOf(link)}`);
    if (link.module === module.name) return [sql`select a.id from ${table} a where ${column} = ${id}`];
    const between = allModules.find(({ name }) => name === link.module);
    const upwards = between?.fields.find(
      (field) => field.type === "relation" && field.module === module.name,
    );
    if (!between || !upwards || scopeOf(actor, between.name, "view") === "none") return [];
    return [
      sql`select a.id from ${table} a join ${sql.table(`public.${between.name}`)} b on b.id = ${column}
        where ${sql.ref(`b.${columnOf(upwards)}`)} = ${id} and b.deleted_at is null and ${allowed(actor, between.name, "view", "b")}`,
    ];
  });
}
