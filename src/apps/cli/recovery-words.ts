import {
  backupStatus,
  listRestores,
  type BackupStatus,
  type DrillReport,
  type RestoreReport,
  type ServerReport,
} from "#hosting/index.ts";
import type { Host } from "./with-host.ts";

export type HostStatus = {
  tenants?: { active: number; suspended: number };
  backups: BackupStatus | undefined;
  whyNot?: string;
  /** Newest successful drill of each tenant, and the ones that failed. */
  drills?: { tenantId: string; at: string; state: string; failure: string | null }[];
};

export async function statusOfHost({ tenancy, backups, whyNot }: Host, now: Date): Promise<HostStatus> {
  const tenants = await tenancy.list();
  const drills = (await listRestores(tenancy.registry)).filter(({ kind }) => kind === "drill");
  const newest = tenants.flatMap(({ id }) => drills.find(({ tenantId }) => tenantId === id) ?? []);
  const active = tenants.filter(({ state }) => state === "active").length;
  return {
    tenants: { active, suspended: tenants.length - active },
    backups: backups === undefined ? undefined : await backupStatus(backups, now),
    ...(whyNot === undefined ? {} : { whyNot: whyNot.message }),
    drills: newest.map(({ tenantId, startedAt, state, failure }) => ({
      tenantId,
      at: startedAt,
      state,
      failure,
    })),
  };
}

export function statusWords({ tenants, backups, whyNot, drills }: HostStatus): string {
  const lines: string[] = [];
  if (tenants !== undefined)
    lines.push(`Tenants      ${tenants.active} active, ${tenants.suspended} suspended`);
  if (backups === undefined)
    return [
      ...lines,
      whyNot ?? "Backups      none: start with STRONGROOM_BACKUP set to a folder on another disk",
    ].join("\n");
  const { window, shipping, bases, rooms } = backups;
  lines.push(
    `Backups      ${backups.location} (${backups.separate ? "separate disk" : "not separate"}), key ${backups.keyId}, kept ${backups.keepDays} days`,
    `Window       ${window.earliest ?? "nothing yet"} to ${window.latest ?? "nothing yet"}${window.latestAgeSeconds === undefined ? "" : ` (${Math.round(window.latestAgeSeconds)} s ago)`}`,
    `Base backups ${bases.length}, newest ${bases.at(-1)?.stoppedAt ?? "none"}`,
    `Log          ${shipping.waitingFiles === 0 ? "all shipped" : `${shipping.waitingFiles} files wait since ${shipping.waitingSince}`}; last 24 hours ${sum(backups.hours.map(({ files }) => files))} files, ${inMegabytes(sum(backups.hours.map(({ bytes }) => bytes)))}`,
    `Stored       ${inMegabytes(backups.storedBytes)}${rooms === undefined ? "" : `, ${inMegabytes(rooms.backups.freeBytes)} free`}`,
  );
  if (drills !== undefined)
    lines.push(
      `Drills       ${drills.filter(({ state }) => state === "done").length} tenants drilled${drills.some(({ state }) => state === "failed") ? ", SOME FAILED" : ""}`,
    );
  const problems = backups.problems.map(({ words }) => `  ! ${words}`);
  return [...lines, ...(problems.length === 0 ? ["All is well."] : ["To be put right:", ...problems])].join(
    "\n",
  );
}

export function restoreWords(report: RestoreReport): string {
  const { tenant, target, lastCommit, lastOwnCommit, copied, replacedDatabase } = report;
  return [
    `${tenant.key} stands as it was at ${target}: everything committed at or before it is in.`,
    `  last commit in      ${lastCommit ?? "none since the base backup"}`,
    `  last own act in     ${lastOwnCommit ?? "none"}`,
    `  compared            ${copied.rows} rows of ${copied.tables} tables, equal`,
    `  took                ${secondsWords(report.seconds)}`,
    replacedDatabase === undefined
      ? `  reached at          ${tenant.host}`
      : `  what was there      is kept; to go back: strongroom restore --back ${tenant.key}`,
    "  everybody signs in again",
  ].join("\n");
}

export function drillWords({ tenant, target, copied, seconds }: DrillReport): string {
  return `${tenant} was restored to ${target} and compared: ${copied.rows} rows of ${copied.tables} tables, ${copied.bytes} bytes, equal (${secondsWords(seconds)}).`;
}

export function serverWords({
  target,
  lastCommit,
  archivedUntil,
  baseBackup,
  seconds,
  bytes,
}: ServerReport): string {
  return [
    `The server stands as it was at ${target ?? "the last moment there is"}.`,
    `  last commit in      ${lastCommit ?? "none since the base backup"}`,
    `  archived until      ${archivedUntil}: what was done after it is lost`,
    `  from base backup    ${baseBackup}, ${inMegabytes(bytes)}`,
    `  took                ${secondsWords(seconds)}`,
    "Start Strongroom with STRONGROOM_BACKUP as before; make a base backup soon: strongroom backup now",
  ].join("\n");
}

const sum = (numbers: number[]): number => numbers.reduce((total, each) => total + each, 0);
const inMegabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;
const secondsWords = (seconds: Record<string, number>): string =>
  Object.entries(seconds)
    .map(([step, value]) => `${step} ${value.toFixed(1)} s`)
    .join(", ");
