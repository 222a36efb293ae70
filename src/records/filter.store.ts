import { sql, type RawBuilder } from "kysely";
import { allowed } from "#access/index.ts";
import { limitsOfDay, type Actor, type Call } from "#core/index.ts";
import { columnOf, getField, invalid, spelled } from "./columns.ts";
import type { Field, Module } from "./definition.ts";
import { filterValue, filterValues, isDay } from "./filter-value.ts";

type Condition = RawBuilder<boolean>;
/** Compiles one filter for one actor; rows are those of alias "r". */
export type FilterScope = {
  readonly actor: Actor;
  /** Whose days a day in the filter is one of. */
  readonly zone: string;
  readonly module: Module;
  readonly nodes: { left: number };
};

/** Who asks, and where he is. */
type Asker = { readonly actor: Actor; readonly call: Pick<Call, "zone"> };

const depthMax = 8;
export const filterNodesMax = 100;
const textTypes = new Set<Field["type"]>(["text", "longText", "email", "phone", "url"]);
const orderedTypes = new Set<Field["type"]>(["integer", "decimal", "money", "date", "dateTime"]);

/** The filter as a condition, or a refusal that names the parameter and what in it is wrong. */
export function compileFilter(
  { actor, call: { zone } }: Asker,
  module: Module,
  text: string | undefined,
): Condition {
  if (text === undefined) return sql<boolean>`true`;
  let filter: unknown;
  try {
    filter = JSON.parse(text);
  } catch {
    throw invalid("filter", "wrong_format", "is not JSON");
  }
  return compile(filter, { actor, zone, module, nodes: { left: filterNodesMax } }, 1);
}

function compile(node: unknown, scope: FilterScope, depth: number): Condition {
  if (depth > depthMax) throw invalid("filter", "too_deep", `at most ${depthMax} levels`);
  if (--scope.nodes.left < 0) throw invalid("filter", "too_many", `at most ${filterNodesMax} conditions`);
  if (typeof node !== "object" || node === null || Array.isArray(node))
    throw invalid("filter", "wrong_type", "must be an object");
  const keys = Object.keys(node);
  const [only] = keys;
  if (keys.length === 1 && (only === "and" || only === "or"))
    return combined(only, (node as Record<string, unknown>)[only], scope, depth);
  if (keys.length === 1 && only === "not")
    return sql<boolean>`not coalesce(${compile((node as { not: unknown }).not, scope, depth + 1)}, false)`;
  return comparison(node as Record<string, unknown>, scope);
}

function combined(word: "and" | "or", parts: unknown, scope: FilterScope, depth: number): Condition {
  if (!Array.isArray(parts) || parts.length === 0)
    throw invalid("filter", "wrong_type", `"${word}" needs a list`);
  const conditions = parts.map((part) => compile(part, scope, depth + 1));
  return sql<boolean>`(${sql.join(conditions, word === "and" ? sql` and ` : sql` or `)})`;
}

function comparison(node: Record<string, unknown>, scope: FilterScope): Condition {
  const unknown = Object.keys(node).find((key) => !["field", "op", "value"].includes(key));
  if (unknown !== undefined) throw invalid("filter", "unknown_field", `${unknown.slice(0, 60)} ?`);
  const field = getField(scope.module, node["field"], "filter");
  const column = sql.ref(`r.${columnOf(field)}`);
  const { op, value } = node;
  if (op === "empty" || op === "notEmpty") {
    const filled =
      field.type === "relation"
        ? visibleTarget(field.module, scope, sql`t.id = ${column}`)
        : isFilled(field, column);
    return op === "empty" ? sql<boolean>`not ${filled}` : filled;
  }
  if (textTypes.has(field.type)) return textComparison(field, op, value, column);
  if (field.type === "dateTime" && isOfDays(value))
    return dayComparison(field, op, value, column, scope.zone);
  if (orderedTypes.has(field.type)) return orderedComparison(field, op, value, column);
  if (field.type === "yesNo" && op === "eq") return sql<boolean>`${column} = ${filterValue(field, value)}`;
  if (op === "in" || op === "notIn") return membership(field, op, value, column, scope);
  throw badOperator(field, op);
}

/** Territory 0 is how the database says "none". */
const isFilled = (field: Field, column: RawBuilder<unknown>): Condition =>
  field.type === "territory" ? sql<boolean>`(${column} <> 0)` : sql<boolean>`(${column} is not null)`;

/** What is looked for and what is stored are folded alike, so that case, accents and spellings do not matter. */
function textComparison(field: Field, op: unknown, value: unknown, column: RawBuilder<unknown>): Condition {
  const stored = sql`public.folded(${column})`;
  const folded = sql`public.folded(${String(filterValue(field, value))})`;
  // Asked in a query of its own, so that the statement comes to it once and not once per row.
  const sought = sql`(select ${folded})`;
  const pattern = sql`(select regexp_replace(${folded}, '([\\\\%_])', '\\\\\\1', 'g'))`;
  switch (op) {
    case "eq":
      return sql<boolean>`${stored} = ${sought}`;
    case "ne":
      return sql<boolean>`${stored} is distinct from ${sought}`;
    case "contains":
      return sql<boolean>`${stored} like '%' || ${pattern} || '%'`;
    case "startsWith":
      return sql<boolean>`${stored} like ${pattern} || '%'`;
    default:
      throw badOperator(field, op);
  }
}

const signs: ReadonlyMap<unknown, string> = new Map([
  ["eq", "="],
  ["ne", "is distinct from"],
  ["lt", "<"],
  ["le", "<="],
  ["gt", ">"],
  ["ge", ">="],
]);
const databaseTypes: Readonly<Record<string, string>> = {
  integer: "bigint",
  decimal: "numeric",
  money: "numeric",
  date: "date",
  dateTime: "timestamptz",
};

function orderedComparison(
  field: Field,
  op: unknown,
  value: unknown,
  column: RawBuilder<unknown>,
): Condition {
  const type = sql.raw(databaseTypes[field.type] ?? "text");
  if (op === "between") {
    const [from, to] = filterValues(field, value, 2);
    return sql<boolean>`${column} between ${from}::${type} and ${to}::${type}`;
  }
  const sign = signs.get(op);
  if (sign === undefined) throw badOperator(field, op);
  return sql<boolean>`${column} ${sql.raw(sign)} ${filterValue(field, value)}::${type}`;
}

const isOfDays = (value: unknown): boolean => (Array.isArray(value) ? value.every(isDay) : isDay(value));

/** A day asked of a time is the whole of that day where the asker is, from its beginning to the next one's. */
function dayComparison(
  field: Field,
  op: unknown,
  value: unknown,
  column: RawBuilder<unknown>,
  zone: string,
): Condition {
  const days = (Array.isArray(value) ? filterValues(field, value, 2) : [filterValue(field, value)]).map(
    (day) => limitsOfDay(zone, String(day)),
  );
  const from = sql`${days[0]?.from}::timestamptz`;
  const until = sql`${days.at(-1)?.until}::timestamptz`;
  const within = sql<boolean>`(${column} >= ${from} and ${column} < ${until})`;
  switch (op) {
    case "between":
    case "eq":
      return within;
    case "ne":
      return sql<boolean>`not coalesce(${within}, false)`;
    case "lt":
      return sql<boolean>`${column} < ${from}`;
    case "le":
      return sql<boolean>`${column} < ${until}`;
    case "gt":
      return sql<boolean>`${column} >= ${until}`;
    case "ge":
      return sql<boolean>`${column} >= ${from}`;
    default:
      throw badOperator(field, op);
  }
}

function membership(
  field: Field,
  op: "in" | "notIn",
  value: unknown,
  column: RawBuilder<unknown>,
  scope: FilterScope,
): Condition {
  const values = filterValues(field, value);
  const inside =
    field.type === "relation"
      ? sql<boolean>`${column} = any(array(${visibleIds(field.module, scope, values)}))`
      : sql<boolean>`${column} = any(${values}::${sql.raw(field.type === "choice" ? "text" : "integer")}[])`;
  return op === "in" ? inside : sql<boolean>`not coalesce(${inside}, false)`;
}

/** A relation may be asked about only where its target is in sight; otherwise the filter would tell of it. */
const visibleIds = (module: string, { actor }: FilterScope, ids: readonly unknown[]) =>
  sql`select t.id from ${sql.table(`public.${module}`)} t where t.id = any(${ids}::uuid[]) and t.deleted_at is null and ${allowed(actor, module, "view", "t")}`;

const visibleTarget = (module: string, { actor }: FilterScope, condition: RawBuilder<unknown>) =>
  sql<boolean>`exists (select from ${sql.table(`public.${module}`)} t where ${condition} and t.deleted_at is null and ${allowed(actor, module, "view", "t")})`;

const badOperator = (field: Field, op: unknown) =>
  invalid("filter", "unknown_operator", `${field.name}: ${spelled(op)} ?`);
