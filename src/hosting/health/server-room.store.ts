import type { Tenancy } from "#platform/tenancy/index.ts";

export type Connections = { used: number; max: number };

/** Connections of the whole server, and how many anybody but its administrator may have. */
export async function connectionsOf({ registry }: Pick<Tenancy, "registry">): Promise<Connections> {
  const { rows } = await registry.query<Connections>(`
    SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS used,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS max`);
  return rows[0] ?? { used: 0, max: 0 };
}

export type ControlStanding = { kept: number; broken: string[]; unknown: string[] };

/** What the last check of each control saw. */
export async function controlStanding({ registry }: Pick<Tenancy, "registry">): Promise<ControlStanding> {
  const { rows } = await registry.query<{ control: string; holds: boolean | null }>(
    "SELECT DISTINCT ON (control) control, holds FROM evidence ORDER BY control, seq DESC",
  );
  const those = (holds: boolean | null) =>
    rows.filter((row) => row.holds === holds).map(({ control }) => control);
  return { kept: those(true).length, broken: those(false), unknown: those(null) };
}

export type JobCounts = { waiting: number; running: number; failed: number };

/** Jobs of the queue, which are kept for some days after their end; none before the program's first start. */
export async function jobCounts({ registry }: Pick<Tenancy, "registry">): Promise<JobCounts> {
  const none = { waiting: 0, running: 0, failed: 0 };
  const { rows: found } = await registry.query("SELECT to_regclass('queue.job') IS NOT NULL AS there");
  if (!found[0]?.there) return none;
  const { rows } = await registry.query<JobCounts>(`
    SELECT (count(*) FILTER (WHERE state IN ('created', 'retry')))::int AS waiting,
      (count(*) FILTER (WHERE state = 'active'))::int AS running,
      (count(*) FILTER (WHERE state = 'failed'))::int AS failed
    FROM queue.job`);
  return rows[0] ?? none;
}
