import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { isSegmentName, segmentBytes, segmentOf } from "../wal-names.ts";
import type { Shipping } from "../shipping-notes.ts";

/** What of the host's own server backups depend on. */
export type HostServer = {
  major: number;
  /** The one role that is always a superuser. */
  superuser: string;
  /** Why the server does not hand its log over as it must; undefined when it does. */
  notArchiving: string | undefined;
};

type Settings = {
  version: number;
  superuser: string;
  mode: string;
  command: string;
  timeoutSeconds: number;
  segment: number;
};

export async function readHostServer(connection: ServerConnection): Promise<HostServer> {
  return withClient(connection, async (client) => {
    const { rows } = await client.query<Settings>(`
      SELECT current_setting('server_version_num')::int AS version,
        (SELECT rolname FROM pg_catalog.pg_roles WHERE oid = 10) AS superuser,
        current_setting('archive_mode') AS mode, current_setting('archive_command') AS command,
        extract(epoch FROM current_setting('archive_timeout')::interval)::int AS "timeoutSeconds",
        pg_size_bytes(current_setting('wal_segment_size'))::int AS segment`);
    const settings = rows[0]!;
    return {
      major: Math.floor(settings.version / 10_000),
      superuser: settings.superuser,
      notArchiving: whyNot(settings),
    };
  });
}

const timeoutSecondsMax = 60;

function whyNot({ mode, command, timeoutSeconds, segment }: Settings): string | undefined {
  const restart = "and restart PostgreSQL";
  if (mode === "off") return `archive_mode is off: set it to on ${restart}.`;
  if (!command.includes("pgbackrest"))
    return "archive_command does not call pgbackrest: set it to pgbackrest --stanza=… archive-push %p and reload PostgreSQL.";
  if (timeoutSeconds === 0 || timeoutSeconds > timeoutSecondsMax)
    return `archive_timeout is ${timeoutSeconds} seconds: set it to 50 and reload PostgreSQL, or a quiet hour may be lost.`;
  if (segment !== segmentBytes) return "wal_segment_size is not 16MB, which Strongroom expects.";
  return undefined;
}

type Archiver = {
  current: string;
  last: string | null;
  lastAt: string | null;
  failedAt: string | null;
  failed: string | null;
};

/** What the server itself says of handing its log over. */
export async function archiverOf(connection: ServerConnection): Promise<Shipping> {
  return withClient(connection, async (client) => {
    const { rows } = await client.query<Archiver>(`
      SELECT pg_walfile_name(pg_current_wal_lsn()) AS current, last_archived_wal AS last, last_failed_wal AS failed,
        to_char(last_archived_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "lastAt",
        to_char(last_failed_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "failedAt"
      FROM pg_catalog.pg_stat_archiver`);
    const { current, last, lastAt, failedAt, failed } = rows[0]!;
    const writing = segmentOf(current).number;
    // Notes on backups and timelines are archived too; those on backups begin with the name of a file of the log.
    const named = last?.slice(0, 24) ?? "";
    const archived = isSegmentName(named) ? segmentOf(named).number : writing - 1;
    const waitingFiles = Math.max(0, writing - 1 - archived);
    const isFailing = failedAt !== null && (lastAt === null || failedAt > lastAt);
    const since = lastAt ?? failedAt ?? undefined;
    return {
      waitingFiles,
      waitingBytes: waitingFiles * segmentBytes,
      ...(waitingFiles > 0 && since !== undefined ? { waitingSince: since } : {}),
      ...(isFailing
        ? {
            failure: `archive_command fails with ${failed}. See the server's log.`,
            failingSince: since ?? "",
          }
        : {}),
    };
  });
}
