import { randomUUID } from "node:crypto";
import type { ServerConnection } from "#platform/postgres/index.ts";
import { randomName } from "#platform/secrets/index.ts";
import type { Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { layOutFiles, tryToShip, type FileCount } from "../files/file-backups.ts";
import { dropFiles } from "../files/file-store.ts";
import { auditHead, lastOwnCommit, markRestored, schemaVersionOf } from "./audit-heads.store.ts";
import { carryOver, type CarriedOver } from "./carry-over.store.ts";
import { compare, type Compared } from "./compare.store.ts";
import { dropRestored } from "./drop-restored.ts";
import { copyRows, makeIndexes, makeReady } from "./copy-tables.store.ts";
import type { PassedOver } from "./lay-out-soundest.ts";
import { beginRestore, endRestore, holding, noteStep, noteSwitch } from "./restores.store.ts";
import { mustBeThere, withScratchTenant, type Recovery, type ScratchTenant } from "./scratch-tenant.ts";

export type RestoreReport = {
  id: string;
  /** The tenant as it is now; another one when it was restored under a new key. */
  tenant: Tenant;
  target: string;
  /** Commit time of the last transaction of any tenant that is in. */
  lastCommit: string | undefined;
  /** Commit time of the last of the tenant's own logged acts that is in. */
  lastOwnCommit: string | null;
  replacedDatabase: string | undefined;
  copied: Compared & { bytes: number };
  /** Uploaded files that were there. */
  files: FileCount;
  /** What of today was kept: erased again, and who may sign in. */
  carried: CarriedOver | undefined;
  /** The base backup it was made from, and nearer ones, which do not open. */
  baseBackup: string;
  passedOver: PassedOver[];
  unpackedBytes: number;
  seconds: Record<string, number>;
};

/**
 * Restores one tenant to a moment while everybody works on: into a new database, compared row by row, then switched
 * in by one row of the registry (or, with `as`, under a new key beside it). Nothing is switched unless everything
 * before it succeeded. Throws BackupError, TenancyError.
 */
export async function restoreTenant(
  recovery: Recovery,
  wanted: { key: string; target: Date; as?: string | undefined; id?: string },
  now: Date,
): Promise<RestoreReport> {
  const { tenancy, connection } = recovery;
  const asked = await tenancy.show(wanted.key);
  await mustBeThere(recovery, asked, wanted.target, now);
  const { id = randomUUID() } = wanted;
  const kind = wanted.as === undefined ? "switch" : "copy";
  const databaseName = randomName("t");
  return holding(connection, id, async () => {
    const { target } = wanted;
    await beginRestore(tenancy.registry, {
      id,
      tenantId: asked.id,
      kind,
      databaseName,
      target,
      requestedBy: recovery.requestedBy,
    });
    try {
      // Read again now that no other restore can move it.
      const tenant = await tenancy.show(wanted.key);
      const report = await withScratchTenant(recovery, { id, tenant, target }, (scratch) =>
        wanted.as === undefined
          ? inPlace(recovery, { id, tenant, target, databaseName }, scratch)
          : beside(recovery, { id, tenant, target, key: wanted.as }, scratch),
      );
      await endRestore(tenancy.registry, id, { detail: { ...report, tenant: report.tenant.key } });
      return report;
    } catch (error) {
      await endRestore(tenancy.registry, id, { detail: {}, failure: (error as Error).message });
      throw error;
    }
  });
}

export type Plan = { id: string; tenant: Tenant; target: Date };

async function inPlace(
  recovery: Recovery,
  plan: Plan & { databaseName: string },
  scratch: ScratchTenant,
): Promise<RestoreReport> {
  const { tenancy, connection, backups } = recovery;
  const { id, tenant, databaseName } = plan;
  try {
    const made = await rebuild(recovery, plan, scratch, databaseName);
    await noteStep(tenancy.registry, id, "switch");
    const [from, to] = [tenant.databaseName, databaseName].map((database) => ({ ...connection, database }));
    await tenancy.databases.switchTo(tenant, databaseName, {
      // Nobody writes to the old database any more: its log's head is final.
      before: async () => {
        const left = await auditHead(from!);
        made.report.carried = await carryOver(from!, to!);
        await markRestored(to!, { ...made.mark, left });
      },
      within: (client) => {
        const detail = { ...made.report, tenant: tenant.key };
        return noteSwitch(client, id, { replaced: tenant.databaseName, keepDays: backups.keepDays, detail });
      },
    });
    return { ...made.report, tenant: await tenancy.show(tenant.key), replacedDatabase: tenant.databaseName };
  } catch (error) {
    await dropRestored(recovery, databaseName).catch(() => undefined);
    throw error;
  }
}

async function beside(
  recovery: Recovery,
  plan: Plan & { key: string },
  scratch: ScratchTenant,
): Promise<RestoreReport> {
  const { tenancy, connection, backups } = recovery;
  let made: Rebuilt | undefined;
  let laid: string | undefined;
  const name = `${plan.tenant.name} (${plan.target.toISOString().slice(0, 16)})`.slice(-200);
  const tenant = await tenancy
    .createTenant(
      { key: plan.key, name },
      async (fresh) => {
        const to = { ...connection, database: fresh.databaseName };
        made!.report.carried = await carryOver({ ...connection, database: plan.tenant.databaseName }, to);
        await markRestored(to, { ...made?.mark, of: plan.tenant.key });
      },
      async (databaseName) => {
        laid = databaseName;
        made = await rebuild(recovery, plan, scratch, databaseName);
      },
    )
    .catch(async (error: unknown) => {
      if (laid !== undefined) await dropFiles(backups.files?.stores ?? [], laid);
      throw error;
    });
  return { ...made!.report, tenant };
}

type Rebuilt = { report: RestoreReport; mark: object };

/** Carries the tenant's database from the scratch server into a new one of the live server and compares them. */
export async function rebuild(
  { tenancy, connection, backups, log, signal, requestedBy }: Recovery,
  { id, tenant, target }: Plan,
  { server, database: from }: ScratchTenant,
  databaseName: string,
): Promise<Rebuilt> {
  const to: ServerConnection = { ...connection, database: databaseName };
  const seconds: Record<string, number> = { ...server.seconds };
  const timed = async <Result>(step: string, work: () => Promise<Result>): Promise<Result> => {
    await noteStep(tenancy.registry, id, step);
    const began = performance.now();
    const result = await work();
    seconds[step] = (performance.now() - began) / 1000;
    return result;
  };
  const version = await schemaVersionOf(from);
  if (version > (await tenancy.databases.newestVersion()))
    throw new BackupError(
      "newer_version",
      "This backup was made by a newer Strongroom. Install that one and try again.",
    );
  const copy = { from, to, ...(signal === undefined ? {} : { signal }) };
  await tenancy.databases.lay(databaseName, version);
  const tables = await makeReady(copy);
  const bytes = await timed("copy", () => copyRows(copy, tables));
  await timed("indexes", () => makeIndexes(copy));
  const compared = await timed("compare", () => compare(copy, tables));
  const [forkedFrom, own] = [await auditHead(from), await lastOwnCommit(from)];
  await tenancy.databases.bringUp(databaseName);
  const was = { from: from.database, target, to: databaseName };
  const files = await timed("files", () => layOutFiles(backups.files, was, signal));
  // Under the new database's name they are new files: once it is in use none of them may be lost.
  const unshipped = files.files === 0 ? undefined : await tryToShip(backups.files);
  if (unshipped !== undefined)
    log.warn({ err: unshipped }, "The restored files are not among the backups yet");
  const { lastCommit } = server.reached;
  const report: RestoreReport = {
    id,
    tenant,
    target: target.toISOString(),
    lastCommit,
    lastOwnCommit: own,
    replacedDatabase: undefined,
    copied: { ...compared, bytes },
    files,
    carried: undefined,
    baseBackup: server.base,
    passedOver: server.passedOver,
    unpackedBytes: server.unpackedBytes,
    seconds,
  };
  return {
    report,
    mark: { restore: id, target: report.target, lastCommit: own, forkedFrom, by: requestedBy },
  };
}
