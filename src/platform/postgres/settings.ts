import { statfsSync } from "node:fs";
import { totalmem } from "node:os";

const megabyte = 1024 * 1024;

export type ServerSettings = Record<string, string | number>;

/** The server's settings for a machine with that much memory, in megabytes. */
export function settingsFor(memoryMegabytes: number, sharedMemoryMegabytes: number): ServerSettings {
  const quarter = Math.floor(memoryMegabytes / 4);
  const large = memoryMegabytes >= 8_192;
  return {
    listen_addresses: "",
    unix_socket_permissions: "0700",
    password_encryption: "scram-sha-256",
    max_connections: 200,
    shared_buffers: `${between(128, quarter, 2_048)}MB`,
    effective_cache_size: `${Math.max(256, Math.floor(memoryMegabytes / 2))}MB`,
    work_mem: large ? "16MB" : "4MB",
    maintenance_work_mem: large ? "256MB" : "64MB",
    // A container often has 64 MB of shared memory, too little for a parallel query.
    dynamic_shared_memory_type: sharedMemoryMegabytes >= 256 ? "posix" : "mmap",
    jit: "off",
    random_page_cost: 1.1,
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    // After a crash the disk is asked once for all of it, not for each of the thousand files of each tenant.
    recovery_init_sync_method: "syncfs",
    // The archive compresses the pages in the log, and smaller than the server would (decisions/0010).
    wal_compression: "off",
    max_wal_size: large ? "4GB" : "1GB",
    checkpoint_timeout: "15min",
    checkpoint_completion_target: 0.9,
    track_commit_timestamp: "on",
    autovacuum: "on",
    timezone: "UTC",
    log_timezone: "UTC",
    ...logSettings,
  };
}

// One file per weekday, overwritten after a week. Statements and their details hold tenants' records, which
// have no place in the host's log.
const logSettings: ServerSettings = {
  logging_collector: "on",
  log_directory: "log",
  log_filename: "postgresql-%a.log",
  log_rotation_age: "1d",
  log_rotation_size: 0,
  log_truncate_on_rotation: "on",
  log_min_error_statement: "panic",
  log_error_verbosity: "terse",
  log_parameter_max_length: 0,
  log_checkpoints: "off",
};

export function settingsForThisMachine(): ServerSettings {
  const limit = process.constrainedMemory();
  const memory = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return settingsFor(Math.floor(memory / megabyte), sharedMemoryMegabytes());
}

/** The text of a `postgresql.conf`. */
export function configurationFile(settings: ServerSettings): string {
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`,
  );
  return [
    "# Written by Strongroom at every start. Changes made with ALTER SYSTEM stand above it.",
    ...lines,
    "",
  ].join("\n");
}

function sharedMemoryMegabytes(): number {
  try {
    const { blocks, bsize } = statfsSync("/dev/shm");
    return Math.floor((blocks * bsize) / megabyte);
  } catch {
    return 0;
  }
}

function between(low: number, value: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
