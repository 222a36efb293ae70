import { withClient, type ServerConnection } from "#platform/postgres/index.ts";

/** Where a recovered server stands. */
export type Reached = {
  /** Commit time of the last transaction that is in, of any tenant; microseconds as PostgreSQL writes them. */
  lastCommit: string | undefined;
  position: string | undefined;
};

export async function readReached(connection: ServerConnection): Promise<Reached> {
  return withClient(connection, async (client) => {
    const { rows } = await client.query<{ at: string | null; position: string | null }>(`
      SELECT to_char(pg_last_xact_replay_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
        pg_last_wal_replay_lsn()::text AS position`);
    return { lastCommit: rows[0]?.at ?? undefined, position: rows[0]?.position ?? undefined };
  });
}
