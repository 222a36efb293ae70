import type { Pool } from "pg";

/** A moment that is open. Times are ISO 8601 in UTC. */
export type OpenMoment = {
  id: string;
  tenantId: string;
  databaseName: string;
  at: string;
  openedAt: string;
  openUntil: string;
  /** Commit time of the last change of the tenant's own that is in. */
  lastCommit: string | null;
};

const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `id, tenant_id AS "tenantId", database_name AS "databaseName", ${time("target")} AS at,
  ${time("ended_at")} AS "openedAt", ${time("kept_until")} AS "openUntil",
  detail->>'lastOwnCommit' AS "lastCommit"`;
const isOpen = "kind = 'moment' AND state = 'done' AND dropped_at IS NULL AND kept_until > clock_timestamp()";

/** The newest first; of one tenant when given. */
export async function listMoments(registry: Pool, tenantId?: string): Promise<OpenMoment[]> {
  const { rows } = await registry.query<OpenMoment>(
    `SELECT ${columns} FROM restores WHERE ${isOpen} AND ($1::uuid IS NULL OR tenant_id = $1) ORDER BY ended_at DESC`,
    [tenantId ?? null],
  );
  return rows;
}

/** Undefined also when another tenant has it. */
export async function findMoment(
  registry: Pool,
  tenantId: string,
  id: string,
): Promise<OpenMoment | undefined> {
  const { rows } = await registry.query<OpenMoment>(
    `SELECT ${columns} FROM restores WHERE ${isOpen} AND tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rows[0];
}

/** From this one statement on the moment can be read. */
export async function noteOpen(
  registry: Pool,
  id: string,
  { days, detail }: { days: number; detail: object },
): Promise<void> {
  await registry.query(
    `UPDATE restores SET state = 'done', ended_at = clock_timestamp(), detail = $3,
       kept_until = clock_timestamp() + make_interval(days => $2) WHERE id = $1 AND state = 'running'`,
    [id, days, JSON.stringify(detail)],
  );
}

/** Nobody reads there from now on; its database is dropped within a minute. False when it is not open. */
export async function closeMoment(registry: Pool, tenantId: string, id: string): Promise<boolean> {
  const { rowCount } = await registry.query(
    `UPDATE restores SET kept_until = clock_timestamp() WHERE ${isOpen} AND tenant_id = $1 AND id = $2`,
    [tenantId, id],
  );
  return rowCount === 1;
}

/** Databases of moments that were closed or whose time is over. */
export async function listOver(registry: Pool): Promise<{ id: string; name: string }[]> {
  const { rows } = await registry.query<{ id: string; name: string }>(`
    SELECT id, database_name AS name FROM restores WHERE kind = 'moment' AND state = 'done' AND dropped_at IS NULL
      AND kept_until <= clock_timestamp()`);
  return rows;
}
