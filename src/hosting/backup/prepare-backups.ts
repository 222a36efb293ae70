import type { Log } from "#platform/log/index.ts";
import { archives, SetupError, turnArchivingOff, turnArchivingOn } from "#platform/postgres/index.ts";
import { BackupError } from "./backup-error.ts";
import type { Backups } from "./backups.ts";
import { forgetCopy } from "./known-place.ts";
import { openBuiltIn } from "./open-backups.ts";
import { prepareHostBackups } from "./pgbackrest/prepare.ts";

/**
 * Before the server starts: opens the backups STRONGROOM_BACKUP names and has the server archive its log;
 * those of a server of the host's own are pgBackRest's. What the
 * host can set right is a SetupError; a lost key is not a reason to keep tenants out: undefined, logged, and the log
 * is held until the key is back.
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
  if (!environment.STRONGROOM_BACKUP) {
    if (archives(directory)) {
      log.warn("STRONGROOM_BACKUP is not set any more: nothing is backed up");
      await turnArchivingOff(directory);
    }
    return undefined;
  }
  try {
    const backups = await openBuiltIn(directory, environment, now);
    if (!environment.STRONGROOM_BACKUP_COPY) await forgetCopy(directory);
    await turnArchivingOn(directory);
    if (backups?.newSheet !== undefined)
      log.warn(
        { sheet: backups.newSheet },
        "The recovery sheet was written, as text and as PDF: print it, lock it away, delete both files",
      );
    if (backups?.separate === false)
      log.warn("The backups are not separate: they lie on the same disk as the data");
    return backups;
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    if (error.code !== "key_missing" && error.code !== "key_wrong")
      throw new SetupError(error.message, { cause: error });
    log.error(`There are no backups at present: ${error.message}`);
    await turnArchivingOn(directory);
    return undefined;
  }
}
