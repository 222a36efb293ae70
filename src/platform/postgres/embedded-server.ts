import { mkdir } from "node:fs/promises";
import type { Log } from "../log/index.ts";
import { archives, archiveSettings } from "./archive.ts";
import { administrator, prepareCluster, type Cluster } from "./cluster.ts";
import { withClient, type ServerConnection } from "./connection.ts";
import { lockFolder, type Purpose } from "./folder-lock.ts";
import { keepRunning } from "./keep-running.ts";
import { findPostmaster, isPostmasterOf, shutDown, signalPostmaster, type Postmaster } from "./postmaster.ts";
import { settingsForThisMachine, type ServerSettings } from "./settings.ts";
import { startPostmaster, waitUntilReady } from "./start-postmaster.ts";

export type EmbeddedServer = {
  embedded: true;
  /** True when another program keeps the server running. */
  joined: boolean;
  connection: ServerConnection;
  /** The server's first process; changes when the server was restarted. */
  pid(): number;
  /** Fast shutdown: open transactions are rolled back, nothing acknowledged is lost. */
  stop(): Promise<void>;
};

export type EmbeddedOptions = {
  /** The data folder; the server's own files are in `postgres/` below it. */
  directory: string;
  log: Log;
  purpose?: Purpose;
  /** Added to the settings chosen for this machine. */
  settings?: ServerSettings;
  /** Done once the folder is ours, before the server starts. */
  prepare?: () => Promise<void>;
};

/**
 * Starts the embedded PostgreSQL on a data folder, or adopts the one that still runs there after this program
 * was killed; starts it anew whenever it dies. Throws SetupError (FolderInUse when another program has the folder).
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { directory, log, purpose = "server" } = options;
  await mkdir(directory, { recursive: true });
  const lock = await lockFolder(directory, purpose);
  try {
    await options.prepare?.();
    const cluster = await prepareCluster(directory, {
      ...settingsForThisMachine(),
      ...archiveSettings(directory),
      ...options.settings,
    });
    const { postmaster, connection } = await startOrAdopt(cluster, archives(directory), log);
    await closeToPublic(connection);
    const keeper = keepRunning(cluster, postmaster, log);
    // A program that ends without stopping its server, for whatever reason, does not leave it behind.
    const stopOnExit = () => signalPostmaster(keeper.pid(), "SIGINT");
    process.once("exit", stopOnExit);
    const stop = async () => {
      process.off("exit", stopOnExit);
      await keeper.end();
      await shutDown(keeper.pid(), cluster.folder);
      await lock.release();
    };
    return { embedded: true, joined: false, connection, pid: keeper.pid, stop };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function startOrAdopt(cluster: Cluster, archiving: boolean, log: Log) {
  const found = await findPostmaster(cluster.folder);
  if (found) {
    log.info({ pid: found.pid }, "Found the database server still running");
    const adopted = await adopt(cluster, found, archiving, log).catch(async (error: unknown) => {
      // One that its own program told to stop before it died does so now.
      if (await isPostmasterOf(found.pid, cluster.folder)) throw error;
      return undefined;
    });
    if (adopted !== undefined) return adopted;
  }
  const postmaster = await startPostmaster(cluster);
  const connection = connectionTo(cluster, postmaster);
  await waitUntilReady(connection, cluster, postmaster, log);
  return { postmaster, connection };
}

/** Undefined when it had to be stopped. */
async function adopt(cluster: Cluster, found: Postmaster, archiving: boolean, log: Log) {
  const connection = connectionTo(cluster, found);
  await waitUntilReady(connection, cluster, found, log);
  const mode = await withClient(connection, (client) => client.query("SHOW archive_mode"));
  if ((mode.rows[0]?.archive_mode === "on") === archiving) return { postmaster: found, connection };
  // Whether the log is archived is settled at the server's start alone.
  await shutDown(found.pid, cluster.folder);
  return undefined;
}

export function connectionTo(cluster: Pick<Cluster, "password">, postmaster: Postmaster): ServerConnection {
  return {
    host: postmaster.socketFolder,
    port: 5432,
    user: administrator,
    password: cluster.password,
    database: "postgres",
  };
}

// PostgreSQL lets every role enter every database unless told otherwise; a tenant's role enters its own alone.
async function closeToPublic(connection: ServerConnection): Promise<void> {
  await withClient(connection, (client) =>
    client.query("REVOKE ALL ON DATABASE postgres FROM PUBLIC; REVOKE ALL ON DATABASE template1 FROM PUBLIC"),
  );
}
