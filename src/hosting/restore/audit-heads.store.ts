import { withClient, type ServerConnection } from "#platform/postgres/index.ts";

/** The last row of an audit log; `sha256` is over the row as text. */
export type AuditHead = { seq: number; at: string; sha256: string } | null;

const row =
  "concat_ws('|', seq, at, user_id, session_id, request_id, ip, action, outcome, module, record_id, detail)";

export async function auditHead(database: ServerConnection): Promise<AuditHead> {
  return withClient(database, async (client) => {
    const { rows } = await client.query<NonNullable<AuditHead>>(`
      SELECT seq::float8 AS seq, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
        encode(sha256(convert_to(${row}, 'UTF8')), 'hex') AS sha256 FROM public.audit ORDER BY audit.seq DESC LIMIT 1`);
    return rows[0] ?? null;
  });
}

/**
 * Number and checksum of the audit log's rows up to one: the log only grows, so an earlier state is its beginning.
 * Rows about the records of `except` are left out: what was erased is in neither or in one.
 */
export async function auditBeginning(
  database: ServerConnection,
  seq: number,
  except: readonly string[],
): Promise<string> {
  return withClient(database, async (client) => {
    const { rows } = await client.query<{ sum: string }>(
      `SELECT count(*) || ' ' || coalesce(sum(hashtextextended(${row}, 0)), 0) AS sum FROM public.audit
       WHERE audit.seq <= $1 AND (record_id IS NULL OR record_id <> ALL ($2::uuid[]))`,
      [seq, except],
    );
    return rows[0]?.sum ?? "";
  });
}

/** The commit time of the last of the tenant's own changes that is in: what the audit log saw last. */
export async function lastOwnCommit(database: ServerConnection): Promise<string | null> {
  return withClient(database, async (client) => {
    const { rows } = await client.query<{ at: string | null }>(`
      SELECT to_char(max(pg_xact_commit_timestamp(xmin)) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
      FROM (SELECT xmin FROM public.audit ORDER BY seq DESC LIMIT 200) recent`);
    return rows[0]?.at ?? null;
  });
}

/** Writes that the log goes on here as a fork, and ends the sessions that came back: whoever signed out stays out. */
export async function markRestored(database: ServerConnection, detail: object): Promise<void> {
  await withClient(database, async (client) => {
    await client.query("BEGIN");
    await client.query("UPDATE access.session SET ended_at = clock_timestamp() WHERE ended_at IS NULL");
    await client.query("INSERT INTO public.audit (action, outcome, detail) VALUES ('restore', 'done', $1)", [
      JSON.stringify(detail),
    ]);
    await client.query("COMMIT");
  });
}

export async function schemaVersionOf(database: ServerConnection): Promise<number> {
  return withClient(database, async (client) => {
    const { rows } = await client.query<{ version: number }>(
      "SELECT max(number)::int AS version FROM public.schema_version",
    );
    return rows[0]?.version ?? 0;
  });
}

export async function hasDatabase(server: ServerConnection, name: string): Promise<boolean> {
  return withClient(server, async (client) => {
    const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [name]);
    return rowCount === 1;
  });
}
