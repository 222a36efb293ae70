import { randomUUID } from "node:crypto";
import { randomName } from "#platform/secrets/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { dropRestored } from "../restore/drop-restored.ts";
import { rebuild, type Plan, type RestoreReport } from "../restore/restore-tenant.ts";
import { beginRestore, databaseAt, endRestore, holding, noteStep } from "../restore/restores.store.ts";
import {
  mustBeThere,
  withScratchTenant,
  type Recovery,
  type ScratchTenant,
} from "../restore/scratch-tenant.ts";
import { carryPresent } from "./carry-present.store.ts";
import { openDays, openMax } from "./limits.ts";
import { listMoments, noteOpen } from "./moments.store.ts";
import { shutWrites } from "./shut-writes.store.ts";

export type OpenedMoment = Omit<RestoreReport, "tenant" | "replacedDatabase"> & {
  tenant: string;
  databaseName: string;
  days: number;
};

/**
 * Opens a tenant's moment beside its present, in a database of its own that is only read: restored and compared like
 * any, then brought in step with today's rights and erasures. Nothing of it can be reached before it is whole. Throws
 * BackupError, TenancyError.
 */
export async function openMoment(
  recovery: Recovery,
  wanted: { key: string; target: Date; id?: string; days?: number | undefined },
  now: Date,
): Promise<OpenedMoment> {
  const { tenancy, connection, requestedBy } = recovery;
  const { registry } = tenancy;
  const { id = randomUUID(), target, days = openDays(process.env) } = wanted;
  const asked = await tenancy.show(wanted.key);
  if ((await listMoments(registry, asked.id)).length >= openMax)
    throw new BackupError(
      "busy",
      `Tenant ${asked.key} has ${openMax} moments open. Close one: strongroom restore moments, then close <id>.`,
    );
  await mustBeThere(recovery, asked, target, now);
  const databaseName = randomName("t");
  return holding(connection, id, async () => {
    const begun = { id, tenantId: asked.id, kind: "moment", databaseName, target, requestedBy } as const;
    await beginRestore(registry, begun);
    try {
      const tenant = await tenancy.show(wanted.key);
      const opened = await withScratchTenant(recovery, { id, tenant, target }, (scratch) =>
        make(recovery, { id, tenant, target }, scratch, databaseName),
      );
      const report = { ...opened, databaseName, days, tenant: tenant.key };
      await noteOpen(registry, id, { days, detail: report });
      return report;
    } catch (error) {
      await dropRestored(recovery, databaseName).catch(() => undefined);
      await endRestore(registry, id, { detail: {}, failure: (error as Error).message });
      throw error;
    }
  });
}

async function make(recovery: Recovery, plan: Plan, scratch: ScratchTenant, databaseName: string) {
  const { tenancy, connection } = recovery;
  const { report } = await rebuild(recovery, plan, scratch, databaseName);
  await noteStep(tenancy.registry, plan.id, "step");
  const [from, to] = [plan.tenant.databaseName, databaseName].map((database) => ({
    ...connection,
    database,
  }));
  const sameLine = (await databaseAt(tenancy.registry, plan.tenant, plan.target)) === from!.database;
  await shutWrites(to!);
  await carryPresent(from!, to!, { sameLine });
  await tenancy.databases.admit({ ...plan.tenant, databaseName });
  const { tenant: _, replacedDatabase: _none, ...rest } = report;
  return rest;
}
