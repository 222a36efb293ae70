import { randomUUID } from "node:crypto";
import { randomName } from "#platform/secrets/index.ts";
import type { Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { readFiles, type FileCount } from "../files/file-backups.ts";
import type { Window } from "../backup/window.ts";
import { auditBeginning, auditHead, lastOwnCommit, schemaVersionOf } from "./audit-heads.store.ts";
import { erasedRecords } from "./carry-over.store.ts";
import { compare, type Compared } from "./compare.store.ts";
import { copyRows, makeIndexes, makeReady } from "./copy-tables.store.ts";
import { beginRestore, databaseAt, endRestore, holding, listRestores } from "./restores.store.ts";
import { mustBeThere, withScratchTenant, type Recovery } from "./scratch-tenant.ts";
import type { RecoveredServer } from "./recover-to.ts";

/** What a drill leaves behind as evidence. */
export type DrillReport = {
  tenant: string;
  target: string;
  lastCommit: string | undefined;
  lastOwnCommit: string | null;
  copied: Compared & { bytes: number };
  /** Uploaded files that were there, each read. */
  files: FileCount;
  /** The audit log of then is the beginning of the one in use; undefined when another database is in use by now. */
  auditContinues: boolean | undefined;
  baseBackup: string;
  unpackedBytes: number;
  seconds: Record<string, number>;
};

/**
 * Restores one tenant to a random second on a server of its own, carries it into a fresh database there exactly as a
 * restore would, compares, and throws everything away. The running server is only asked for the audit log. Its
 * outcome is a row of the registry. Throws what a restore would throw.
 */
export async function drillTenant(
  recovery: Recovery,
  wanted: { key: string; target?: Date },
  random: () => number,
  now: Date,
): Promise<DrillReport> {
  const { tenancy, connection } = recovery;
  const tenant = await tenancy.show(wanted.key);
  const target = wanted.target ?? (await randomSecond(recovery, tenant, random));
  const id = randomUUID();
  const { registry } = tenancy;
  return holding(connection, id, async () => {
    const databaseName = randomName("d");
    await beginRestore(registry, {
      id,
      tenantId: tenant.id,
      kind: "drill",
      databaseName,
      target,
      requestedBy: recovery.requestedBy,
    });
    try {
      const report = await rehearse(recovery, { id, tenant, target, databaseName }, now);
      await endRestore(registry, id, { detail: report });
      return report;
    } catch (error) {
      await endRestore(registry, id, { detail: {}, failure: (error as Error).message });
      throw error;
    }
  });
}

async function rehearse(
  recovery: Recovery,
  plan: { id: string; tenant: Tenant; target: Date; databaseName: string },
  now: Date,
): Promise<DrillReport> {
  const { tenancy, connection, backups, signal } = recovery;
  const { tenant, target, databaseName } = plan;
  await mustBeThere(recovery, tenant, target, now);
  return withScratchTenant(recovery, plan, async ({ server, database: from }) => {
    const began = performance.now();
    await tenancy.databases.lay(databaseName, await schemaVersionOf(from), server.connection);
    const copy = {
      from,
      to: { ...server.connection, database: databaseName },
      ...(signal === undefined ? {} : { signal }),
    };
    const tables = await makeReady(copy);
    const bytes = await copyRows(copy, tables);
    await makeIndexes(copy);
    const compared = await compare(copy, tables);
    const files = await readFiles(backups.files, from.database, target, signal);
    const head = await auditHead(from);
    const sameDatabase = (await databaseAt(tenancy.registry, tenant, target)) === tenant.databaseName;
    const inUse = { ...connection, database: tenant.databaseName };
    const erased = await erasedRecords(inUse);
    const [then, today] = sameDatabase
      ? await Promise.all([from, inUse].map((each) => auditBeginning(each, head?.seq ?? 0, erased)))
      : [];
    if (then !== today)
      throw new BackupError(
        "not_equal",
        `The audit log of ${tenant.key} at ${target.toISOString()} is not the beginning of today's.`,
      );
    mustBeNearest(server, tenant, target);
    return {
      tenant: tenant.key,
      target: target.toISOString(),
      lastCommit: server.reached.lastCommit,
      lastOwnCommit: await lastOwnCommit(from),
      copied: { ...compared, bytes },
      files,
      auditContinues: sameDatabase ? true : undefined,
      baseBackup: server.base,
      unpackedBytes: server.unpackedBytes,
      seconds: { ...server.seconds, rehearse: (performance.now() - began) / 1000 },
    };
  });
}

// The tenant can be restored, and yet a backup is damaged: somebody must hear of it while it can be made up for.
function mustBeNearest(server: RecoveredServer, { key }: Tenant, target: Date): void {
  const { base, passedOver, turned } = server;
  const reasons = [...passedOver, ...turned].map(({ reason }) => reason).join(" ");
  const equal = `${key} was restored to ${target.toISOString()} and is equal, but only`;
  if (passedOver.length > 0)
    throw new BackupError(
      "damaged",
      `${equal} from the older base backup ${base}. ${reasons} Make a new one: strongroom backup now.`,
    );
  if (turned.length > 0)
    throw new BackupError(
      "damaged",
      `${equal} with the copy of the backups. ${reasons} Bring back what is missing.`,
    );
}

/** A second of the window at which the tenant existed; every one is as likely. */
async function randomSecond({ backups }: Recovery, tenant: Tenant, random: () => number): Promise<Date> {
  const possible = momentsOf(tenant, await backups.window());
  let left = random() * possible.reduce((sum, { from, to }) => sum + to - from, 0);
  for (const { from, to } of possible) {
    if (left <= to - from) return new Date(from + left);
    left -= to - from;
  }
  throw new BackupError(
    "outside_window",
    `No moment of tenant ${tenant.key} can be restored yet. Make a base backup: strongroom backup now.`,
  );
}

/** The spans in which the tenant existed, in milliseconds. */
function momentsOf({ createdAt }: Tenant, { spans }: Pick<Window, "spans">): { from: number; to: number }[] {
  const made = new Date(createdAt).getTime();
  return spans
    .map(({ from, to }) => ({ from: Math.max(from.getTime(), made), to: to.getTime() }))
    .filter(({ from, to }) => from < to);
}

/**
 * The tenant whose last successful drill is longest ago, with that moment; those never drilled first, unless no moment
 * of them can be restored yet.
 */
export async function nextToDrill({
  tenancy,
  backups,
}: Pick<Recovery, "tenancy" | "backups">): Promise<{ key: string; last: Date | undefined } | undefined> {
  const drills = (await listRestores(tenancy.registry)).filter(
    ({ kind, state }) => kind === "drill" && state === "done",
  );
  const all = (await tenancy.list()).map((tenant) => {
    const last = drills.find(({ tenantId }) => tenantId === tenant.id);
    return { tenant, last: last === undefined ? undefined : new Date(last.startedAt) };
  });
  const isNew = all.some(({ last }) => last === undefined);
  const window = isNew ? await backups.window() : { spans: [] };
  const [next] = all
    .filter(({ tenant, last }) => last !== undefined || momentsOf(tenant, window).length > 0)
    .sort((a, b) => (a.last?.getTime() ?? 0) - (b.last?.getTime() ?? 0));
  return next && { key: next.tenant.key, last: next.last };
}
