import type { Log } from "#platform/log/index.ts";
import { archives, SetupError } from "#platform/postgres/index.ts";
import { beginArchiving, isStopped } from "./archiving.ts";
import { BackupError } from "./backup-error.ts";
import type { Backups } from "./backups.ts";
import type { BuiltInBackups } from "./built-in.ts";
import { forgetCopy, readKnown } from "./known-place.ts";
import { openBuiltIn } from "./open-backups.ts";
import { prepareHostBackups } from "./pgbackrest/prepare.ts";

/**
 * Before the server starts, and once its folder is ours: opens the backups STRONGROOM_BACKUP names, else those the
 * folder knows, and has the server archive its log; those of a server of the host's own are pgBackRest's. What the
 * host can set right is a SetupError; a lost key is not a reason to keep tenants out: undefined, logged, and the log
 * is held until the key is back. Nothing but the host's own word (`backup stop`) ends archiving.
 */
export async function prepareBackups(
  directory: string,
  environment: NodeJS.ProcessEnv,
  log: Log,
  now: Date,
): Promise<Backups | undefined> {
  if (environment.DATABASE_URL) return prepareHostBackups(directory, environment, log, now);
  if (environment.STRONGROOM_PGBACKREST_STANZA)
    throw new SetupError(
      "STRONGROOM_PGBACKREST_STANZA is for a server of your own: set DATABASE_URL too. The embedded server is backed up with STRONGROOM_BACKUP.",
    );
  const isNamed = Boolean(environment.STRONGROOM_BACKUP);
  if (!isNamed && !(await goesOn(directory, log))) return undefined;
  try {
    const backups = await openBuiltIn(directory, environment, now);
    if (isNamed && !environment.STRONGROOM_BACKUP_COPY) await forgetCopy(directory);
    await beginArchiving(directory, now);
    tell(backups, log);
    return backups;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    if (isNamed && error.code !== "key_missing" && error.code !== "key_wrong")
      throw new SetupError(error.message, { cause: error });
    log.error(`There are no backups at present: ${error.message}`);
    await beginArchiving(directory, now);
    return undefined;
  }
}

/** Whether a folder's server is archived though this start names no place for it. */
async function goesOn(directory: string, log: Log): Promise<boolean> {
  if (await isStopped(directory)) {
    log.warn("The backups are stopped by the host's own word: nothing is backed up");
    return false;
  }
  const { first } = await readKnown(directory);
  if (first === undefined && !archives(directory)) return false;
  log.warn(
    { location: first?.place },
    "STRONGROOM_BACKUP is not set: the backups go on where they were. To end them: strongroom backup stop",
  );
  return true;
}

function tell(backups: BuiltInBackups | undefined, log: Log): void {
  if (backups === undefined)
    log.error("There are no backups at present: nobody knows where they lie. Set STRONGROOM_BACKUP");
  if (backups?.newSheet !== undefined)
    log.warn(
      { sheet: backups.newSheet },
      "The recovery sheet was written, as text and as PDF: print it, lock it away, delete both files",
    );
  if (backups?.separate === false)
    log.warn("The backups are not separate: they lie on the same disk as the data");
}
