import { randomUUID } from "node:crypto";
import type { Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { openMoment } from "../moments/open-moment.ts";
import { restoreBack } from "../restore/restore-back.ts";
import { restoreTenant } from "../restore/restore-tenant.ts";
import { holding, listRestores } from "../restore/restores.store.ts";
import type { Recovery } from "../restore/scratch-tenant.ts";
import { tidyRestores } from "../restore/tidy-restores.ts";
import {
  claimRequest,
  endRequest,
  tryAgain,
  withAbandonedRequests,
  type RestoreRequest,
} from "./requests.store.ts";

/** Does what an approved request asks, and says in the registry what became of it. Throws what the restore throws. */
export async function workOffRequest(recovery: Recovery, id: string, now: Date): Promise<RestoreRequest> {
  const { tenancy, connection } = recovery;
  const { registry } = tenancy;
  return holding(connection, id, async () => {
    const restoreId = randomUUID();
    const request = await claimRequest(registry, id, restoreId);
    if (request === undefined) throw new BackupError("bad_request", `There is no approved request ${id}.`);
    const { askedBy, decidedBy } = request;
    try {
      await carryOut(
        { ...recovery, requestedBy: `${askedBy}, approved by ${decidedBy}` },
        { ...request, restoreId },
        now,
      );
      await endRequest(registry, id);
    } catch (error) {
      // Whatever went wrong after the switch, the tenant is where he asked to be.
      const isSwitched = (await restoreOf(recovery, { ...request, restoreId }))?.switchedAt ?? null;
      await endRequest(registry, id, isSwitched === null ? (error as Error).message : undefined);
      throw error;
    }
    return request;
  });
}

async function carryOut(
  recovery: Recovery,
  { restoreId: id, kind, target, newKey, backFrom, tenantId }: RestoreRequest & { restoreId: string },
  now: Date,
): Promise<void> {
  const tenant = await tenantOf(recovery, tenantId);
  if (kind === "moment") {
    await openMoment(recovery, { id, key: tenant.key, target: new Date(target!) }, now);
    return;
  }
  if (kind !== "back") {
    const as = newKey === null ? {} : { as: newKey };
    await restoreTenant(recovery, { id, key: tenant.key, target: new Date(target!), ...as }, now);
    return;
  }
  const from = (await listRestores(recovery.tenancy.registry, tenantId)).find((each) => each.id === backFrom);
  if (from?.databaseName !== tenant.databaseName)
    throw new BackupError("bad_request", `Tenant ${tenant.key} was restored again since this was asked.`);
  await restoreBack(recovery, { id, key: tenant.key }, now);
}

async function tenantOf({ tenancy }: Recovery, id: string): Promise<Tenant> {
  const tenant = (await tenancy.list()).find((each) => each.id === id);
  if (tenant === undefined) throw new BackupError("bad_request", "This tenant is no more.");
  return tenant;
}

const restoreOf = async ({ tenancy }: Pick<Recovery, "tenancy">, request: RestoreRequest) =>
  (await listRestores(tenancy.registry, request.tenantId)).find(({ id }) => id === request.restoreId);

const attemptsMax = 3;

/**
 * Finds requests whose program was ended in the middle of them. What was switched is done; what was not is begun
 * again, a few times at most, and a copy not at all.
 */
export async function settleRequests(
  recovery: Pick<Recovery, "backups" | "tenancy" | "connection" | "log">,
): Promise<void> {
  const { registry } = recovery.tenancy;
  await withAbandonedRequests(registry, recovery.connection, async (request) => {
    let restore = await restoreOf(recovery, request);
    if (restore?.state === "running") {
      await tidyRestores(recovery);
      restore = await restoreOf(recovery, request);
      // The server has not yet noticed that the program is gone.
      if (restore?.state === "running") return;
    }
    if (restore?.state === "done") return endRequest(registry, request.id);
    if (request.kind !== "copy" && request.attempts < attemptsMax) return tryAgain(registry, request.id);
    await endRequest(registry, request.id, restore?.failure ?? "The program was ended in the middle of it.");
  });
}
