import type { Log } from "#platform/log/index.ts";
import { SetupError } from "#platform/postgres/index.ts";
import { BackupError } from "../backup-error.ts";
import type { Backups } from "../backups.ts";
import { openHostBackups } from "./open.ts";

/** Opens the backups of the host's own server, whose log is archived by its own settings. Throws SetupError. */
export async function prepareHostBackups(
  directory: string,
  environment: NodeJS.ProcessEnv,
  log: Log,
  now: Date,
): Promise<Backups | undefined> {
  if (environment.STRONGROOM_BACKUP)
    throw new SetupError(
      "STRONGROOM_BACKUP backs up the embedded server. With DATABASE_URL, name the stanza of pgBackRest in STRONGROOM_PGBACKREST_STANZA.",
    );
  if (!environment.STRONGROOM_PGBACKREST_STANZA) return undefined;
  try {
    const backups = await openHostBackups(directory, environment, now);
    log.warn(
      "pgBackRest holds the databases and not host.key of the data folder, without which their secrets stay shut: keep a copy of it elsewhere",
    );
    return backups;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    throw new SetupError(error.message, { cause: error });
  }
}
