import { BackupError, drillTenant, type BackupStatus, type Backups } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import type { Finding } from "./control.ts";
import type { System } from "./system.ts";

export type Standing = { readonly backups: Backups; readonly status: BackupStatus; readonly now: Date };

/** Judges how the backups stand. Where nothing is backed up, or they cannot be opened, the promise is broken. */
export async function judgeBackups(
  system: System,
  judge: (standing: Standing) => Finding | Promise<Finding>,
): Promise<Finding> {
  const now = new Date();
  const backups = await system.backups().catch(asReason);
  if (backups === undefined) return broken("none are set up");
  if ("reason" in backups) return broken(backups.reason);
  const status = await backups.status(now);
  // Whatever else is in order: without one base backup that opens nothing is got back, and to another server nothing goes.
  if (status.bases.length > 0 && newestBase(status) === undefined)
    return broken(`no base backup opens: ${status.broken[0]?.reason ?? "the log they need is missing"}`);
  if (status.log?.taken !== undefined) return broken(status.log.taken);
  return await judge({ backups, status, now });
}

const broken = (backups: string): Finding => ({ holds: false, observed: { backups } });

/** The newest base backup that has everything a restore needs. */
export const newestBase = ({ bases }: BackupStatus) => bases.findLast(({ restorable }) => restorable);

const hourMilliseconds = 3_600_000;

export const hoursSince = (at: string, now: Date): number =>
  Math.round(((now.getTime() - Date.parse(at)) / hourMilliseconds) * 10) / 10;

/** Codes of what is wrong with the backups, or "none". */
export const problemsSeen = ({ problems }: BackupStatus): string =>
  problems.map(({ code }) => code).join(" ") || "none";

/** Restores a tenant to a random second on a server of its own and compares; a restore that is refused is an answer. */
export async function drill(
  system: System,
  { backups, status }: Standing,
  key: string,
  secondsMax: number,
): Promise<{ equal: boolean; seen: Finding["observed"] }> {
  const { tenancy, connection } = system;
  const signal = AbortSignal.timeout(secondsMax * 1_000);
  const recovery = {
    backups,
    tenancy,
    connection,
    log: openLog({ level: "silent" }),
    requestedBy: "control",
    signal,
  };
  try {
    const { createdAt } = await tenancy.show(key);
    // Nothing of a tenant that was made just now is archived yet.
    if (createdAt >= (status.window.latest ?? "")) await backups.archiveAll(connection, signal);
    const report = await drillTenant(recovery, { key }, Math.random, new Date());
    const { rows, tables } = report.copied;
    const seconds = Object.values(report.seconds).reduce((sum, each) => sum + each, 0);
    return {
      equal: true,
      seen: {
        drilledTo: report.target,
        rowsEqual: rows,
        tablesEqual: tables,
        drillSeconds: Math.round(seconds),
      },
    };
  } catch (error) {
    const refused = await asReason(error);
    return { equal: false, seen: { drill: refused.reason } };
  }
}

const longestReason = 200;

async function asReason(error: unknown): Promise<{ reason: string }> {
  if (!(error instanceof BackupError)) throw error;
  return { reason: `${error.code}: ${error.message.split("\n")[0]}`.slice(0, longestReason) };
}
