import type { ClientBase } from "pg";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { BackupError } from "./backup-error.ts";

export type Stopped = { stoppedAt: string; stopSegment: string; backupLabel: string; tablespaceMap: string };

export type ServerIdentity = { systemIdentifier: string; serverVersion: number };

export type Made<Copied> = {
  copied: Copied;
  startedAt: string;
  stopped: Stopped;
  server: ServerIdentity;
};

/**
 * Runs `copy` between PostgreSQL's start and stop of a base backup, on one connection: when it breaks or `copy`
 * throws, the server forgets the backup. Until `keep` is done no other one begins, which would take this one for cut
 * off. Throws BackupError `busy` when another one runs.
 */
export async function duringBackup<Copied, Kept>(
  connection: ServerConnection,
  label: string,
  copy: () => Promise<Copied>,
  keep: (made: Made<Copied>) => Promise<Kept>,
): Promise<Kept> {
  return withClient({ ...connection, application_name: "strongroom base backup" }, async (client) => {
    await mustArchive(client);
    await lockBackups(client);
    const startedAt = await clockOf(client);
    // At once instead of over minutes: the first page written after it is kept whole in the log from here on.
    await client.query("SELECT pg_backup_start($1, fast => true)", [`strongroom ${label}`]);
    const copied = await copy();
    const { rows } = await client.query<{ lsn: string; labelfile: string; spcmapfile: string }>(
      "SELECT lsn::text, labelfile, spcmapfile FROM pg_backup_stop(wait_for_archive => false)",
    );
    const { lsn, labelfile, spcmapfile } = rows[0]!;
    const stoppedAt = await clockOf(client);
    const named = await client.query<{ name: string }>("SELECT pg_walfile_name($1) AS name", [lsn]);
    const stopped = {
      stoppedAt,
      stopSegment: named.rows[0]!.name,
      backupLabel: labelfile,
      tablespaceMap: spcmapfile,
    };
    return keep({ copied, startedAt, stopped, server: await identityOf(client) });
  });
}

async function mustArchive(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ archive_mode: string }>("SHOW archive_mode");
  if (rows[0]?.archive_mode === "on") return;
  throw new BackupError(
    "not_configured",
    "The server does not archive its log. Start Strongroom with STRONGROOM_BACKUP set.",
  );
}

// Freed by the server however this program ends.
const backupLock = "7303";

async function lockBackups(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ free: boolean }>(
    `SELECT pg_try_advisory_lock(${backupLock}) AS free`,
  );
  if (!rows[0]?.free) throw new BackupError("busy", "Another base backup is being made. Wait for it to end.");
}

// Up to the next full millisecond: what the backup is said to hold it must hold.
async function clockOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ now: string }>(`
    SELECT to_char((clock_timestamp() + interval '1 ms') AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS now`);
  return rows[0]!.now;
}

async function identityOf(client: ClientBase): Promise<ServerIdentity> {
  const { rows } = await client.query<ServerIdentity>(`
    SELECT system_identifier::text AS "systemIdentifier", current_setting('server_version_num')::int AS "serverVersion"
    FROM pg_control_system()`);
  return rows[0]!;
}

export async function listDatabases(connection: ServerConnection): Promise<{ oid: number; name: string }[]> {
  return withClient(connection, async (client) => {
    const { rows } = await client.query(
      "SELECT oid::int, datname AS name FROM pg_catalog.pg_database ORDER BY oid",
    );
    return rows;
  });
}

/** How far the log is written, in bytes from its beginning. */
export async function writtenUpTo(connection: ServerConnection): Promise<number> {
  return withClient(connection, async (client) => {
    const { rows } = await client.query<{ place: number }>(
      "SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS place",
    );
    return rows[0]!.place;
  });
}

/** Commits something that is nobody's, so that the archive says up to when it holds everything. */
export async function beat(connection: ServerConnection): Promise<void> {
  await withClient(connection, (client) =>
    client.query("SELECT pg_logical_emit_message(true, 'strongroom', 'beat')"),
  );
}

/** Ends the current file of the log after a beat and names the one the beat is in; it is shipped at once. */
export async function endSegment(connection: ServerConnection): Promise<string> {
  return withClient(connection, async (client) => {
    // Somebody else may end the file between the two: the beat's own place is what can be waited for.
    const { rows } = await client.query<{ name: string }>(
      "SELECT pg_walfile_name(pg_logical_emit_message(true, 'strongroom', 'beat')) AS name",
    );
    await client.query("SELECT pg_switch_wal()");
    return rows[0]!.name;
  });
}
