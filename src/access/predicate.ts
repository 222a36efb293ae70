import { sql, type RawBuilder } from "kysely";
import type { Actor, Verb } from "#core/index.ts";
import { listOf, reachOf, type Reach } from "./reach.ts";
import { rule, type PolicyColumn } from "./rule.ts";

/** The rule as a condition on rows of `alias`, with what the actor is free of left out. */
export function allowed(actor: Actor, module: string, verb: Verb, alias: string): RawBuilder<boolean> {
  return condition(reachOf(actor, module, verb), alias);
}

function condition(reach: Reach, alias: string, without?: PolicyColumn): RawBuilder<boolean> {
  const clauses = rule
    .filter((clause) => !reach[clause.free] && !clause.columns.some((column) => column === without))
    .map((clause) => {
      const list = listOf(reach, clause);
      const columns = clause.columns.map(
        (column) => sql`${sql.ref(`${alias}.${column}`)} = any(${list}::integer[])`,
      );
      return sql`(${sql.join(columns, sql` or `)})`;
    });
  return clauses.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(clauses, sql` and `)})`;
}

/** One way into a list: rows with `column` equal to one of `values`, in the order of the list's own index. */
export type Lane = { column: PolicyColumn; values: readonly number[]; condition: RawBuilder<boolean> };

/**
 * The scans a list is merged from, so that each is one ordered index scan; none for who is free of every clause.
 * The narrowest clause leads (people, then territories). A row comes out of one lane only.
 */
export function lanes(actor: Actor, module: string, alias: string): Lane[] {
  const reach = reachOf(actor, module, "view");
  const clause = rule.toReversed().find((each) => !reach[each.free]);
  if (clause === undefined) return [];
  const values = listOf(reach, clause);
  return clause.columns.map((column, index) => ({
    column,
    values,
    condition: sql<boolean>`(${condition(reach, alias, column)} and ${notIn(clause.columns.slice(0, index), values, alias)})`,
  }));
}

function notIn(
  columns: readonly PolicyColumn[],
  values: readonly number[],
  alias: string,
): RawBuilder<boolean> {
  if (columns.length === 0) return sql<boolean>`true`;
  return sql<boolean>`${sql.join(
    columns.map(
      (column) =>
        sql`(${sql.ref(`${alias}.${column}`)} is null or not ${sql.ref(`${alias}.${column}`)} = any(${values}::integer[]))`,
    ),
    sql` and `,
  )}`;
}
