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

/** Count and value of each stage within a filter. Above the limit there are at least that many, and no sums. */
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
      where r.stage = ${stage.key} and r.deleted_at is null and ${allowed(actor, "opportunity", "view", "r")} and ${filter} limit ${countMax + 1}) counted group by currency`;
  const { rows } = await sql<{
    stage: string;
    currency: string | null;
    count: number;
    total: number | null;
  }>`${sql.join(stages.map(one), sql` union all `)}`.execute(db);
  return stages.map(({ key }) => {
    const own = rows.filter((row) => row.stage === key);
    const count = own.reduce((sum, row) => sum + row.count, 0);
    // A sum of some of them would be read as the sum of all.
    if (count > countMax) return { stage: key, count: countMax, exact: false, totals: {} };
    const totals = Object.fromEntries(
      own.flatMap((row) => (row.total === null ? [] : [[row.currency ?? noCurrency, row.total]])),
    );
    return { stage: key, count, exact: true, totals };
  });
}

const countMax = 10_000;

/** Sums are by currency and never across; the key of those that have none. */
const noCurrency = "";

/** Counts and totals by currency; of a month that is not exact there is at least so much. */
export type MonthTotal = {
  month: string;
  count: number;
  exact: boolean;
  counts: Record<string, number>;
  totals: Record<string, number>;
};

/**
 * Won opportunities the actor sees, by the month they closed in: the last twelve months that have any, or fewer when
 * there are very many. A month that was not read to its end is left out, but for the only one.
 */
export async function wonByMonth(db: Db, actor: Actor): Promise<MonthTotal[]> {
  const { rows } = await sql<{ month: string; currency: string | null; count: number; total: number }>`
    select to_char(closes_on, 'YYYY-MM') as month, currency, count(*) as count, coalesce(sum(value), 0) as total from (
      select r.closes_on, r.currency, r.value from public.opportunity r join public.stage s on s.key = r.stage
      where s.outcome = 'won' and r.closes_on is not null and r.deleted_at is null and ${allowed(actor, "opportunity", "view", "r")}
      order by r.closes_on desc limit ${wonMax}) won group by 1, 2 order by 1 desc`.execute(db);
  const isCut = rows.reduce((sum, row) => sum + row.count, 0) === wonMax;
  const found = [...new Set(rows.map((row) => row.month))];
  const whole = isCut ? found.slice(0, -1) : found;
  const months = (whole.length > 0 ? whole : found).slice(0, 12).sort();
  return months.map((month) => {
    const own = rows.filter((row) => row.month === month);
    return {
      month,
      count: own.reduce((sum, row) => sum + row.count, 0),
      exact: !isCut || whole.length > 0,
      counts: Object.fromEntries(own.map((row) => [row.currency ?? noCurrency, row.count])),
      totals: Object.fromEntries(own.map((row) => [row.currency ?? noCurrency, row.total])),
    };
  });
}

const wonMax = 20_000;
