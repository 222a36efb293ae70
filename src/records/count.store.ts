import { sql, type RawBuilder } from "kysely";
import { allowed } from "#access/index.ts";
import type { Actor, Db, Verb } from "#core/index.ts";
import type { Module } from "./definition.ts";

/** Counted exactly up to this many; above, estimated from a sample (design: no exact counts of millions). */
const exactMax = 10_000;

/** Totals are by currency and never across; "" holds those that have none. */
export type Count = { count: number; exact: boolean; totals?: Record<string, number> };

export async function countVisible(
  db: Db,
  actor: Actor,
  module: Module,
  filter: RawBuilder<boolean>,
  bin: boolean,
  verb: Verb = "view",
): Promise<Count> {
  const valued = module.fields.some((field) => field.name === "value" && field.type === "money");
  const also = verb === "view" ? sql`` : sql`${allowed(actor, module.name, verb, "r")} and `;
  const where = sql`${also}${allowed(actor, module.name, "view", "r")} and ${sql.raw(bin ? "r.deleted_at is not null" : "r.deleted_at is null")} and ${filter}`;
  const table = sql.table(`public.${module.name}`);
  const { rows } = await sql<{ currency: string | null; count: string; total: number | null }>`
    select ${valued ? sql`currency, sum(value)` : sql`null as currency, null`} as total, count(*) as count
    from (select ${valued ? sql`r.currency, r.value` : sql`1`} from ${table} r where ${where} limit ${exactMax + 1}) counted
    ${valued ? sql`group by currency` : sql``}`.execute(db);
  const count = rows.reduce((sum, row) => sum + Number(row.count), 0);
  if (count > exactMax) return { count: await estimate(db, module, where), exact: false };
  if (!valued) return { count, exact: true };
  const totals = Object.fromEntries(
    rows.flatMap((row) => (row.total === null ? [] : [[row.currency ?? "", row.total]])),
  );
  return { count, exact: true, totals };
}

/** From about 20,000 sampled rows, to two significant digits; never below what was counted. */
async function estimate(db: Db, module: Module, where: RawBuilder<unknown>): Promise<number> {
  const sizes = await sql<{
    rows: number;
  }>`select greatest(reltuples, 1)::float8 as rows from pg_class where oid = ${`public.${module.name}`}::regclass`.execute(
    db,
  );
  const percent = Math.min(100, 2_000_000 / (sizes.rows[0]?.rows ?? 1) || 100);
  const sampled = await sql<{ count: string }>`
    select count(*) from ${sql.table(`public.${module.name}`)} r tablesample system (${sql.raw(percent.toFixed(4))}) where ${where}`.execute(
    db,
  );
  return Number(Math.max((Number(sampled.rows[0]?.count ?? 0) * 100) / percent, exactMax + 1).toPrecision(2));
}
