import { sql, type RawBuilder } from "kysely";
import { allowed } from "#access/index.ts";
import type { Actor } from "#core/index.ts";
import { columnOf } from "./columns.ts";
import { fieldsOf, type Field, type Module } from "./definition.ts";

/** A record as people see it: related records, users and territories by id and name. */
export type ShownRecord = { id: string; version: number; [field: string]: unknown };

/** Columns every record answers with, whatever columns were asked for. */
const always = ["id", "version", "deleted_at", "territory_id", "responsible_id", "second_responsible_id"];

/** The columns to read from the table for these fields; `besides` those that every record answers with. */
export function columnsOf(fields: readonly Field[], besides = always): RawBuilder<unknown> {
  const names = [...new Set(["id", ...besides, ...fields.map(columnOf)])];
  return sql.join(names.map((name) => sql.ref(`r.${name}`)));
}

/** Reads `page` (rows with `columnsOf(fields)`) with the names of what they refer to, as far as the actor sees it. */
export function shown(
  actor: Actor,
  fields: readonly Field[],
  page: RawBuilder<unknown>,
  order: RawBuilder<unknown> = sql``,
): RawBuilder<Record<string, unknown>> {
  const references = fields.filter(
    (field) => field.type === "relation" || field.type === "user" || field.type === "territory",
  );
  const names = references.map(
    (field, index) =>
      sql`, ${sql.ref(`j${index}`)}.${sql.ref(field.type === "user" ? "full_name" : "name")} as ${sql.ref(`${field.name}Name`)}`,
  );
  const joins = references.map((field, index) => join(actor, field, `j${index}`));
  return sql`select page.*${sql.join(names, sql``)} from (${page}) page ${sql.join(joins, sql` `)} ${order}`;
}

function join(actor: Actor, field: Field, alias: string): RawBuilder<unknown> {
  const target = sql.ref(alias);
  const on = sql`${target}.id = page.${sql.ref(columnOf(field))}`;
  if (field.type === "user") return sql`left join access.users ${target} on ${on}`;
  if (field.type === "territory") return sql`left join access.territory ${target} on ${on}`;
  const module = field.type === "relation" ? field.module : "";
  return sql`left join ${sql.table(`public.${module}`)} ${target} on ${on} and ${target}.deleted_at is null and ${allowed(actor, module, "view", alias)}`;
}

export function recordOf(fields: readonly Field[], row: Record<string, unknown>): ShownRecord {
  const record: ShownRecord = {
    id: String(row["id"]),
    version: Number(row["version"]),
    deletedAt: row["deleted_at"],
  };
  for (const field of fields) {
    const value = row[columnOf(field)] ?? null;
    record[field.name] = `${field.name}Name` in row ? reference(value, row[`${field.name}Name`]) : value;
  }
  return record;
}

/** A reference whose target the actor does not see is no reference to him. */
function reference(id: unknown, name: unknown) {
  return id === null || id === 0 || name === null || name === undefined ? null : { id, name };
}

/** The fields an answer carries: those asked for, or all of them. */
export function chosenFields(module: Module, columns: readonly string[] | undefined): readonly Field[] {
  const fields = fieldsOf(module);
  if (columns === undefined) return fields;
  const chosen = new Set([...columns, module.titleField]);
  return fields.filter((field) => chosen.has(field.name));
}
