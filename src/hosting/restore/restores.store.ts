import type { ClientBase, Pool } from "pg";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { lockNumber, type Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";

export type RestoreKind = "switch" | "copy" | "back" | "drill" | "package" | "moment";

/** A restore or drill as the registry tells it. Times are ISO 8601 in UTC. */
export type Restore = {
  id: string;
  tenantId: string;
  kind: RestoreKind;
  state: "running" | "done" | "failed";
  target: string | null;
  step: string;
  databaseName: string;
  replacedDatabase: string | null;
  keptUntil: string | null;
  droppedAt: string | null;
  requestedBy: string;
  startedAt: string;
  endedAt: string | null;
  switchedAt: string | null;
  detail: Record<string, unknown>;
  failure: string | null;
};

const time = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const columns = `id, tenant_id AS "tenantId", kind, state, ${time("target")} AS target, step, database_name AS "databaseName",
  replaced_database AS "replacedDatabase", ${time("kept_until")} AS "keptUntil", ${time("dropped_at")} AS "droppedAt",
  requested_by AS "requestedBy", ${time("started_at")} AS "startedAt", ${time("ended_at")} AS "endedAt",
  ${time("switched_at")} AS "switchedAt", detail, failure`;

export type NewRestore = Pick<Restore, "id" | "tenantId" | "kind" | "databaseName" | "requestedBy"> & {
  target: Date | null;
};

/** Throws BackupError `busy` while another restore of the tenant runs. */
export async function beginRestore(registry: Pool, restore: NewRestore): Promise<void> {
  const { id, tenantId, kind, databaseName, requestedBy, target } = restore;
  const { rowCount } = await registry.query(
    `INSERT INTO restores (id, tenant_id, kind, state, database_name, requested_by, target)
     VALUES ($1, $2, $3, 'running', $4, $5, $6) ON CONFLICT DO NOTHING`,
    [id, tenantId, kind, databaseName, requestedBy, target],
  );
  if (rowCount === 0)
    throw new BackupError(
      "busy",
      "Another restore of this tenant runs. Wait for it to end: strongroom status.",
    );
}

export async function noteStep(registry: Pool, id: string, step: string): Promise<void> {
  await registry.query("UPDATE restores SET step = $2 WHERE id = $1", [id, step]);
}

export async function endRestore(
  registry: Pool,
  id: string,
  end: { detail: object; failure?: string },
): Promise<void> {
  await registry.query(
    `UPDATE restores SET state = CASE WHEN $3::text IS NULL THEN 'done' ELSE 'failed' END, failure = $3, detail = $2,
       ended_at = clock_timestamp() WHERE id = $1 AND state = 'running'`,
    [id, JSON.stringify(end.detail), end.failure ?? null],
  );
}

/** Shares the transaction in which the tenant gets the other database. */
export async function noteSwitch(
  client: ClientBase,
  id: string,
  { replaced, keepDays, detail }: { replaced: string; keepDays: number; detail: object },
): Promise<void> {
  await client.query(
    `UPDATE restores SET switched_at = clock_timestamp(), replaced_database = $2, detail = $4,
       kept_until = clock_timestamp() + make_interval(days => $3) WHERE id = $1`,
    [id, replaced, keepDays, JSON.stringify(detail)],
  );
}

/** The newest first; of one tenant when given. */
export async function listRestores(registry: Pool, tenantId?: string): Promise<Restore[]> {
  const { rows } = await registry.query<Restore>(
    `SELECT ${columns} FROM restores WHERE $1::uuid IS NULL OR tenant_id = $1 ORDER BY started_at DESC LIMIT 2000`,
    [tenantId ?? null],
  );
  return rows;
}

/** Which database the tenant was on at a moment: the one that the first switch after it replaced. */
export async function databaseAt(registry: Pool, tenant: Tenant, at: Date): Promise<string> {
  const { rows } = await registry.query<{ name: string }>(
    `SELECT replaced_database AS name FROM restores WHERE tenant_id = $1 AND switched_at > $2 ORDER BY switched_at LIMIT 1`,
    [tenant.id, at],
  );
  return rows[0]?.name ?? tenant.databaseName;
}

/** Databases that were replaced, whose time is over. */
export async function listExpired(registry: Pool): Promise<{ id: string; name: string }[]> {
  const { rows } = await registry.query<{ id: string; name: string }>(`
    SELECT id, replaced_database AS name FROM restores r WHERE kept_until < clock_timestamp() AND dropped_at IS NULL
      AND NOT EXISTS (SELECT FROM tenants t WHERE t.database_name = r.replaced_database)
      AND NOT EXISTS (SELECT FROM restores o WHERE o.replaced_database = r.replaced_database AND o.kept_until >= clock_timestamp())`);
  return rows;
}

export async function noteDropped(registry: Pool, id: string): Promise<void> {
  await registry.query("UPDATE restores SET dropped_at = clock_timestamp() WHERE id = $1", [id]);
}

/** While `work` runs the server knows that the restore lives, however this program ends. */
export async function holding<Result>(
  connection: ServerConnection,
  id: string,
  work: () => Promise<Result>,
): Promise<Result> {
  return withClient(connection, async (client) => {
    await client.query("SELECT pg_advisory_lock($1)", [lockNumber(`restore ${id}`)]);
    return work();
  });
}

/** Runs `clear` for every restore that is said to run and whose program is gone. */
export async function withAbandoned(
  registry: Pool,
  connection: ServerConnection,
  clear: (restore: Restore) => Promise<void>,
): Promise<void> {
  const { rows } = await registry.query<Restore>(`SELECT ${columns} FROM restores WHERE state = 'running'`);
  for (const restore of rows) {
    await withClient(connection, async (client) => {
      const lock = await client.query("SELECT pg_try_advisory_lock($1) AS free", [
        lockNumber(`restore ${restore.id}`),
      ]);
      const again = await registry.query("SELECT FROM restores WHERE id = $1 AND state = 'running'", [
        restore.id,
      ]);
      if (lock.rows[0]?.free && again.rowCount === 1) await clear(restore);
    });
  }
}
