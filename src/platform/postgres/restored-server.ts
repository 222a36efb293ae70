import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { checkVersion, configure, preparePlace, type Cluster, type OtherPostgres } from "./cluster.ts";
import { withClient, type ServerConnection } from "./connection.ts";
import { connectionTo } from "./embedded-server.ts";
import { isDatabaseAway } from "./failures.ts";
import { standsBack } from "./floor.ts";
import { endAtOnce, findPostmaster, isPostmasterOf, shutDown } from "./postmaster.ts";
import { settingsForThisMachine, type ServerSettings } from "./settings.ts";
import { startPostmaster } from "./start-postmaster.ts";

/** Where a server's files are laid out from a backup. */
export type RestoredPlace = Omit<Cluster, "password"> & {
  directory: string;
  /** Who must own the files; undefined for this program's own user. */
  uid: number | undefined;
};

/** Prepares `<directory>/postgres`, empty, for the embedded PostgreSQL or another one. */
export async function openRestoredPlace(directory: string, other?: OtherPostgres): Promise<RestoredPlace> {
  await mkdir(directory, { recursive: true });
  const place = await preparePlace(directory, other);
  await mkdir(place.folder, { recursive: true, mode: 0o700 });
  return { ...place, directory, uid: place.unprivileged.uid };
}

export type StartOptions = {
  /** Who enters it; the embedded server's administrator when absent. */
  user?: string;
  password: string;
  settings: ServerSettings;
  /** It stands back for other programs, with the floor that everything has which stands back. */
  standsBack?: boolean;
  signal?: AbortSignal;
};

/**
 * Starts the server on files from a backup and returns when it has replayed its log, reached its target and takes
 * connections. Throws RecoveryEnded with its own words.
 */
export async function startRestoredServer(
  place: RestoredPlace,
  options: StartOptions,
): Promise<{ connection: ServerConnection; stop(): Promise<void> }> {
  const { user, password, settings, signal } = options;
  await checkVersion(place);
  const cluster: Cluster = {
    ...place,
    password,
    endsWithUs: true,
  };
  await configure(cluster, { ...settingsForThisMachine(), ...settings });
  const postmaster = await startPostmaster(cluster);
  const release = options.standsBack ? standsBack(postmaster.pid, true) : () => undefined;
  const connection = { ...connectionTo(cluster, postmaster), ...(user === undefined ? {} : { user }) };
  const stop = async () => {
    release();
    await shutDown(postmaster.pid, cluster.folder);
  };
  for (;;) {
    try {
      await withClient(connection, (client) => client.query("SELECT 1"));
      return { connection, stop };
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
    if (!(await isPostmasterOf(postmaster.pid, cluster.folder)))
      throw new RecoveryEnded(await lastWords(place));
    if (signal?.aborted) {
      await stop();
      throw signal.reason;
    }
    await delay(100);
  }
}

/** The server gave up before it took connections; the message is the end of its log. */
export class RecoveryEnded extends Error {
  override readonly name = "RecoveryEnded";
}

/** Ends the server that was left running on that place, if one was. */
export async function stopRestoredServer(directory: string): Promise<void> {
  const folder = join(directory, "postgres");
  const postmaster = await findPostmaster(folder);
  if (postmaster) await endAtOnce(postmaster.pid, folder);
}

/**
 * Files whose pages the log changes though they were not there when it was replayed, as `base/16384/2619`. A server
 * goes on over them with `ignore_invalid_pages`, and says so from the level `warning` on.
 */
export async function missedFiles(place: RestoredPlace): Promise<string[]> {
  const text = await readFile(join(place.directory, "postgres-start.log"), "utf8").catch(() => "");
  const said = text.matchAll(/page \d+ of relation (\S+?)(?:_[a-z]+)? (?:does not exist|is uninitialized)/g);
  return [...new Set([...said].map(([, path = ""]) => path))];
}

async function lastWords(place: RestoredPlace): Promise<string> {
  const text = await readFile(join(place.directory, "postgres-start.log"), "utf8").catch(() => "");
  const lines = text
    .split("\n")
    .filter((line) => /FATAL|PANIC|ERROR|recovery/.test(line) && !/not yet accepting|starting up/.test(line));
  return lines.slice(-6).join("\n");
}
