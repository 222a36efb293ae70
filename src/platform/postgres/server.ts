import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Log } from "../log/index.ts";
import { connectionTo, startEmbeddedPostgres, type EmbeddedServer } from "./embedded-server.ts";
import { withClient, type ServerConnection } from "./connection.ts";
import { connectionFrom, useExternalServer, type ExternalServer } from "./external-server.ts";
import { FolderInUse, holderOf, lockFolder, type Purpose } from "./folder-lock.ts";
import { findPostmaster, launchComplaint, shutDown } from "./postmaster.ts";
import { explained, SetupError } from "./setup-error.ts";

export type Server = EmbeddedServer | ExternalServer;

type ServerOptions = {
  directory: string;
  log: Log;
  databaseUrl?: string | undefined;
  /** Done before the server starts and once the folder is this program's: what it changes there is nobody else's. */
  prepare?: () => Promise<void>;
};

/** The data folder: `STRONGROOM_DATA`, else `data` in the program's own folder, wherever it is called from. */
export function dataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return resolve(environment.STRONGROOM_DATA || join(import.meta.dirname, "../../../data"));
}

/** The server this program works on: the one at `databaseUrl` if given, else its own. Throws SetupError. */
export async function openServer(options: ServerOptions, purpose: Purpose = "server"): Promise<Server> {
  const { directory, log, prepare = async () => undefined } = options;
  if (options.databaseUrl) {
    await prepare();
    return useExternalServer(options.databaseUrl);
  }
  try {
    return await startEmbeddedPostgres({ directory, log, purpose, prepare });
  } catch (error) {
    throw explained(error, directory);
  }
}

/**
 * For a command beside the running program: joins the server that program keeps running (`stop` then does
 * nothing), or starts it for as long as the command lasts.
 */
export async function joinServer(options: ServerOptions): Promise<Server> {
  try {
    return await openServer(options, "command");
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    const postmaster = await findPostmaster(join(options.directory, "postgres"));
    const passwordFile = join(options.directory, "postgres.password");
    if (!postmaster && error.purpose === "server") throw await notRunning(options.directory, error);
    if (!postmaster || !existsSync(passwordFile)) throw error;
    const password = await readFile(passwordFile, "utf8").catch((unread: unknown) => {
      throw explained(unread, options.directory);
    });
    const connection = connectionTo({ password }, postmaster);
    return {
      embedded: true,
      joined: true,
      connection,
      pid: () => postmaster.pid,
      stop: async () => undefined,
    };
  }
}

/** Returns when the server answers, or nobody has the folder; starts none. Throws when it does not. */
export async function askServer(directory: string, databaseUrl?: string): Promise<void> {
  const connection = databaseUrl ? connectionFrom(databaseUrl) : await connectionIn(directory);
  if (connection !== undefined) await withClient(connection, (client) => client.query("SELECT 1"));
  else if ((await holderOf(directory))?.purpose === "server") throw await notRunning(directory);
}

/** The program is there and its server is not, as on a disk that is full; it goes on trying. */
async function notRunning(directory: string, cause?: FolderInUse): Promise<SetupError> {
  const said = (await launchComplaint({ folder: join(directory, "postgres") })).split("\n").at(-1);
  return new SetupError(
    `The database server does not run; Strongroom starts it again as soon as it can. It last said: ${said || "nothing."}`,
    { cause },
  );
}

async function connectionIn(directory: string): Promise<ServerConnection | undefined> {
  const postmaster = await findPostmaster(join(directory, "postgres"));
  if (postmaster === undefined) return undefined;
  return connectionTo({ password: await readFile(join(directory, "postgres.password"), "utf8") }, postmaster);
}

/** Runs `work` while no program runs on the data folder. Throws FolderInUse. */
export async function withFolder<Result>(directory: string, work: () => Promise<Result>): Promise<Result> {
  const lock = await lockFolder(directory, "command");
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** Ends a server whose program was killed and will not come back for it. */
export async function stopAbandonedPostgres(directory: string): Promise<void> {
  const folder = join(directory, "postgres");
  const postmaster = await findPostmaster(folder);
  if (postmaster) await shutDown(postmaster.pid, folder);
}
