import { randomUUID } from "node:crypto";
import type { Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { auditHead, markRestored } from "./audit-heads.store.ts";
import { carryOver, type CarriedOver } from "./carry-over.store.ts";
import {
  beginRestore,
  endRestore,
  holding,
  listRestores,
  noteStep,
  noteSwitch,
  type Restore,
} from "./restores.store.ts";
import type { Recovery } from "./scratch-tenant.ts";

/** Puts a tenant back on the database its last restore replaced. What was done since is kept in the other one. */
export async function restoreBack(
  recovery: Recovery,
  { key, id = randomUUID() }: { key: string; id?: string },
  now: Date,
): Promise<Tenant> {
  const { tenancy, connection, backups } = recovery;
  const tenant = await tenancy.show(key);
  const last = lastSwitch(await listRestores(tenancy.registry, tenant.id), tenant, now);
  const { registry } = tenancy;
  return holding(connection, id, async () => {
    await beginRestore(registry, {
      id,
      tenantId: tenant.id,
      kind: "back",
      databaseName: last.to,
      target: null,
      requestedBy: recovery.requestedBy,
    });
    try {
      if ((await tenancy.show(key)).databaseName !== tenant.databaseName)
        throw new BackupError("busy", `Tenant ${key} was restored just now. Look at it, then ask again.`);
      const from = { ...connection, database: tenant.databaseName };
      const to = { ...connection, database: last.to };
      let detail: { backFrom: string; carried?: CarriedOver } = { backFrom: last.id };
      await tenancy.databases.bringUp(last.to);
      await noteStep(registry, id, "switch");
      await tenancy.databases.switchTo(tenant, last.to, {
        before: async () => {
          const [left, forkedFrom] = [await auditHead(from), await auditHead(to)];
          detail = { ...detail, carried: await carryOver(from, to) };
          const mark = { restore: id, backFrom: last.id, forkedFrom, left, by: recovery.requestedBy };
          await markRestored(to, mark);
        },
        within: (client) =>
          noteSwitch(client, id, { replaced: from.database, keepDays: backups.keepDays, detail }),
      });
      await endRestore(registry, id, { detail });
      return await tenancy.show(key);
    } catch (error) {
      await endRestore(registry, id, { detail: {}, failure: (error as Error).message });
      throw error;
    }
  });
}

function lastSwitch(restores: Restore[], tenant: Tenant, now: Date): { id: string; to: string } {
  const last = restores.find(
    ({ switchedAt, databaseName }) => switchedAt !== null && databaseName === tenant.databaseName,
  );
  if (last === undefined || last.replacedDatabase === null)
    throw new BackupError(
      "bad_request",
      `Tenant ${tenant.key} was not restored, so there is nothing to go back to.`,
    );
  if (last.droppedAt !== null || (last.keptUntil !== null && new Date(last.keptUntil) < now))
    throw new BackupError(
      "bad_request",
      `The database of tenant ${tenant.key} from before the restore was kept until ${last.keptUntil} and is gone.`,
    );
  return { id: last.id, to: last.replacedDatabase };
}
