import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file or folder of the server's data folder, named relative to it. */
export type DataFile = { path: string; folder: boolean; bytes: number };

// What PostgreSQL's documentation on base backups says to leave out: the log (archived by itself), what belongs
// to the running server, and what the next start makes anew. Folders stay, empty.
const emptied = new Set([
  "pg_wal",
  "pg_wal/archive_status",
  "pg_wal/summaries",
  "pg_replslot",
  "pg_dynshmem",
  "pg_notify",
  "pg_serial",
  "pg_snapshots",
  "pg_stat_tmp",
  "pg_subtrans",
  "log",
]);
const leftOut = new Set([
  "postmaster.pid",
  "postmaster.opts",
  "backup_label",
  "backup_label.old",
  "tablespace_map",
  "tablespace_map.old",
  "backup_manifest",
  "postgresql.auto.conf.tmp",
  "current_logfiles",
  "recovery.signal",
  "standby.signal",
  // Read last, when everything before it is there.
  "global/pg_control",
]);
const leftOutNames = /^(pgsql_tmp.*|pg_internal\.init.*|t\d+_\d+(_.*)?(\.\d+)?)$/;

/** Everything below a folder of the data folder that a base backup keeps. Files may vanish while it is read. */
export async function* dataFiles(
  root: string,
  below = "",
  skip: (path: string) => boolean = () => false,
): AsyncGenerator<DataFile> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch(ifGone);
  for (const entry of entries ?? []) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (leftOut.has(path) || leftOutNames.test(entry.name) || skip(path)) continue;
    if (entry.isDirectory()) {
      yield { path, folder: true, bytes: 0 };
      // pg_wal's own folders must be there again.
      yield* dataFiles(root, path, emptied.has(path) ? (inner) => !emptied.has(inner) : skip);
    } else if (entry.isFile()) {
      const found = await stat(join(root, path)).catch(ifGone);
      if (found !== undefined) yield { path, folder: false, bytes: found.size };
    } else {
      throw new Error(
        `${path} is a link. A server with tablespaces is not backed up by the built-in backup.`,
      );
    }
  }
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
