import { sql, type RawBuilder } from "kysely";
import { allowed } from "#access/index.ts";
import type { Actor, Db, Words } from "#core/index.ts";

export type Stage = {
  key: string;
  position: number;
  probability: number;
  outcome: "open" | "won" | "lost";
  words: Words;
};

export async function listStages(db: Db): Promise<Stage[]> {
  const { rows } =
    await sql<Stage>`select key, position, probability, outcome, words from public.stage order by position`.execute(
      db,
    );
  return rows;
}

export type StageTotal = { stage: string; count: number; exact: boolean; totals: Record<string, number> };

/** Count and value of each stage within a filter; stages above the limit are counted up to it and marked inexact. */
export async function stageTotals(
  db: Db,
  actor: Actor,
  stages: readonly Stage[],
  filter: RawBuilder<boolean>,
): Promise<StageTotal[]> {
  const one = (
    stage: Stage,
  ) => sql`select ${stage.key}::text as stage, currency, count(*) as count, sum(value) as total from (
      select r.currency, r.value from public.opportunity r
      where r.stage = ${stage.key} and r.deleted_at is null and ${allowed(actor, "opportunity", "view", "r")} and ${filter} limit ${countMax}) counted group by currency`;
  const { rows } = await sql<{
    stage: string;
    currency: string | null;
    count: number;
    total: number | null;
  }>`${sql.join(stages.map(one), sql` union all `)}`.execute(db);
  return stages.map(({ key }) => {
    const own = rows.filter((row) => row.stage === key);
    const count = own.reduce((sum, row) => sum + row.count, 0);
    const totals = Object.fromEntries(
      own.flatMap((row) => (row.total === null ? [] : [[row.currency ?? noCurrency, row.total]])),
    );
    return { stage: key, count, exact: count < countMax, totals };
  });
}

const countMax = 10_001;

/** Sums are by currency and never across; the key of those that have none. */
const noCurrency = "";

export type MonthTotal = { month: string; count: number; totals: Record<string, number> };

/** Won opportunities the actor sees, by the month they closed in: the last twelve months that have any. */
export async function wonByMonth(db: Db, actor: Actor): Promise<MonthTotal[]> {
  const { rows } = await sql<{ month: string; currency: string | null; count: number; total: number }>`
    select to_char(closes_on, 'YYYY-MM') as month, currency, count(*) as count, coalesce(sum(value), 0) as total from (
      select r.closes_on, r.currency, r.value from public.opportunity r join public.stage s on s.key = r.stage
      where s.outcome = 'won' and r.closes_on is not null and r.deleted_at is null and ${allowed(actor, "opportunity", "view", "r")}
      order by r.closes_on desc limit 20000) won group by 1, 2 order by 1 desc`.execute(db);
  const months = [...new Set(rows.map((row) => row.month))].slice(0, 12).sort();
  return months.map((month) => {
    const own = rows.filter((row) => row.month === month);
    return {
      month,
      count: own.reduce((sum, row) => sum + row.count, 0),
      totals: Object.fromEntries(own.map((row) => [row.currency ?? noCurrency, row.total])),
    };
  });
}
