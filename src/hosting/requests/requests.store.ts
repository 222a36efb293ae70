import type { Pool } from "pg";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { lockNumber } from "#platform/tenancy/index.ts";

export type RequestKind = "switch" | "copy" | "back" | "moment";
export type RequestState = "asked" | "approved" | "running" | "done" | "failed" | "refused" | "cancelled";

/** What a tenant asked and what became of it. Times are ISO 8601 in UTC. */
export type RestoreRequest = {
  id: string;
  tenantId: string;
  tenantKey: string;
  kind: RequestKind;
  target: string | null;
  newKey: string | null;
  backFrom: string | null;
  reason: string;
  state: RequestState;
  askedBy: string;
  askedAt: string;
  decidedBy: string | null;
  decidedAt: string | null;
  because: string | null;
  restoreId: string | null;
  attempts: number;
  failure: string | null;
  endedAt: string | null;
};

const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `r.id, r.tenant_id AS "tenantId", (SELECT key FROM tenants t WHERE t.id = r.tenant_id) AS "tenantKey", r.kind,
  ${time("r.target")} AS target, r.new_key AS "newKey", r.back_from AS "backFrom", r.reason, r.state, r.asked_by AS "askedBy",
  ${time("r.asked_at")} AS "askedAt", r.decided_by AS "decidedBy", ${time("r.decided_at")} AS "decidedAt", r.because,
  r.restore_id AS "restoreId", r.attempts, r.failure, ${time("r.ended_at")} AS "endedAt"`;

export type NewRequest = Pick<
  RestoreRequest,
  "id" | "tenantId" | "kind" | "newKey" | "backFrom" | "reason" | "askedBy"
> & { target: Date | null; askedByUser: number };

const allowedBeforehand = "allowed beforehand";

/** Approved at once where the tenant may do it without the host; a copy makes a tenant, so it never is. False while another is open. */
export async function insertRequest(registry: Pool, request: NewRequest): Promise<boolean> {
  const { id, tenantId, kind, target, newKey, backFrom, reason, askedBy, askedByUser } = request;
  const { rowCount } = await registry.query(
    `INSERT INTO restore_requests (id, tenant_id, kind, target, new_key, back_from, reason, asked_by, asked_by_user, state, decided_by, decided_at)
     SELECT $1, t.id, $3, $4, $5, $6, $7, $8, $9, CASE WHEN free THEN 'approved' ELSE 'asked' END,
       CASE WHEN free THEN $10 END, CASE WHEN free THEN clock_timestamp() END
     FROM tenants t, LATERAL (SELECT t.restores_without_approval AND $3 <> 'copy' AS free) f WHERE t.id = $2
     ON CONFLICT DO NOTHING`,
    [id, tenantId, kind, target, newKey, backFrom, reason, askedBy, askedByUser, allowedBeforehand],
  );
  return rowCount === 1;
}

/** The newest first; of one tenant when given. */
export async function listRequests(registry: Pool, tenantId?: string): Promise<RestoreRequest[]> {
  const { rows } = await registry.query<RestoreRequest>(
    `SELECT ${columns} FROM restore_requests r WHERE $1::uuid IS NULL OR tenant_id = $1 ORDER BY asked_at DESC LIMIT 100`,
    [tenantId ?? null],
  );
  return rows;
}

/** By the id or its beginning, as it is typed. */
export async function findRequests(registry: Pool, beginning: string): Promise<RestoreRequest[]> {
  const { rows } = await registry.query<RestoreRequest>(
    `SELECT ${columns} FROM restore_requests r WHERE starts_with(id::text, lower($1)) LIMIT 2`,
    [beginning],
  );
  return rows;
}

/** False when somebody decided it meanwhile. */
export async function decide(
  registry: Pool,
  id: string,
  { state, by, because }: { state: "approved" | "refused"; by: string; because: string | null },
): Promise<boolean> {
  const { rowCount } = await registry.query(
    `UPDATE restore_requests SET state = $2, decided_by = $3, because = $4, decided_at = clock_timestamp(),
       ended_at = CASE WHEN $2 = 'refused' THEN clock_timestamp() END WHERE id = $1 AND state = 'asked'`,
    [id, state, by, because],
  );
  return rowCount === 1;
}

/** False when it is not there, or its work has begun. */
export async function cancelRequest(registry: Pool, tenantId: string, id: string): Promise<boolean> {
  const { rowCount } = await registry.query(
    `UPDATE restore_requests SET state = 'cancelled', ended_at = clock_timestamp()
     WHERE id = $1 AND tenant_id = $2 AND state IN ('asked', 'approved')`,
    [id, tenantId],
  );
  return rowCount === 1;
}

export async function nextApproved(registry: Pool): Promise<string | undefined> {
  const { rows } = await registry.query<{ id: string }>(
    "SELECT id FROM restore_requests WHERE state = 'approved' ORDER BY decided_at LIMIT 1",
  );
  return rows[0]?.id;
}

/** Begins the work on an approved request; undefined when it is none any more. */
export async function claimRequest(
  registry: Pool,
  id: string,
  restoreId: string,
): Promise<RestoreRequest | undefined> {
  const { rows } = await registry.query<RestoreRequest>(
    `UPDATE restore_requests r SET state = 'running', restore_id = $2, attempts = attempts + 1
     WHERE id = $1 AND state = 'approved' RETURNING ${columns}`,
    [id, restoreId],
  );
  return rows[0];
}

export async function endRequest(registry: Pool, id: string, failure?: string): Promise<void> {
  await registry.query(
    `UPDATE restore_requests SET state = CASE WHEN $2::text IS NULL THEN 'done' ELSE 'failed' END, failure = $2,
       ended_at = clock_timestamp() WHERE id = $1 AND state = 'running'`,
    [id, failure ?? null],
  );
}

export async function tryAgain(registry: Pool, id: string): Promise<void> {
  await registry.query(
    "UPDATE restore_requests SET state = 'approved', restore_id = NULL WHERE id = $1 AND state = 'running'",
    [id],
  );
}

/** Runs `settle` for every request that is said to be worked off and whose program is gone. */
export async function withAbandonedRequests(
  registry: Pool,
  connection: ServerConnection,
  settle: (request: RestoreRequest) => Promise<void>,
): Promise<void> {
  const running = await registry.query<RestoreRequest>(
    `SELECT ${columns} FROM restore_requests r WHERE state = 'running'`,
  );
  for (const request of running.rows) {
    await withClient(connection, async (client) => {
      const lock = await client.query("SELECT pg_try_advisory_lock($1) AS free", [
        lockNumber(`restore ${request.id}`),
      ]);
      const again = await registry.query("SELECT FROM restore_requests WHERE id = $1 AND state = 'running'", [
        request.id,
      ]);
      if (lock.rows[0]?.free && again.rowCount === 1) await settle(request);
    });
  }
}
