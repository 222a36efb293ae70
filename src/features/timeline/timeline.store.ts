import { sql } from "kysely";
import type { Actor, Db } from "#core/index.ts";
import { fieldsOf, visibleAmong, type FieldChange, type Module } from "#records/index.ts";

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
