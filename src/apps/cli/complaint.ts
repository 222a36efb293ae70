import { BackupError } from "#hosting/index.ts";
import { isDatabaseAway, SetupError } from "#platform/postgres/index.ts";
import { TenancyError } from "#platform/tenancy/index.ts";
import { UsageError } from "./usage-error.ts";

/** What the host can act on is a sentence; anything else is a bug and needs its trace. */
export function complaintOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const sentences = [UsageError, TenancyError, SetupError, BackupError];
  if (sentences.some((kind) => error instanceof kind)) return error.message;
  // A file that is not there is none of the database's.
  const { syscall = "connect" } = error as NodeJS.ErrnoException;
  if (isDatabaseAway(error) && syscall === "connect")
    return `The database server went away or does not answer (${error.message}). What was begun is undone by the running program, or by its next start. See strongroom status, and try again.`;
  return error.stack ?? error.message;
}
