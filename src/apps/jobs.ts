import { Refusal } from "#core/index.ts";
import { importQueue, workImports } from "#features/import/index.ts";
import { givesJobs, type GiveJob } from "#features/job-session/index.ts";
import { takeBackQueue, workTakeBacks } from "#features/take-back/index.ts";
import { allModules } from "#modules/index.ts";
import type { Log } from "#platform/log/index.ts";
import { openQueue, type Pace } from "#platform/queue/index.ts";
import { openHostKey } from "#platform/secrets/index.ts";
import type { Tenancy } from "#platform/tenancy/index.ts";
import type { TenantConnections } from "./tenant-connections.ts";

export type Jobs = {
  readonly giveJob: GiveJob;
  readonly giveTakeBack: GiveJob;
  readonly stop: () => Promise<void>;
};

/** Gives jobs to the queue and, unless told otherwise, works them off in this process too. */
export async function openJobs(options: {
  tenancy: Tenancy;
  tenants: TenantConnections;
  dataDirectory: string;
  log: Log;
  pace?: Pace;
  work?: boolean;
}): Promise<Jobs> {
  const { tenancy, tenants, log, pace } = options;
  const hostKey = await openHostKey(options.dataDirectory);
  const queue = await openQueue({
    connection: tenancy.registryConnection,
    log,
    ...(pace === undefined ? {} : { pace }),
  });
  const tenantOf = async (id: string) => {
    const tenant = (await tenancy.list()).find((each) => each.id === id);
    if (tenant === undefined) throw new Refusal("no_such_tenant");
    if (tenant.state === "suspended") throw new Refusal("tenant_suspended");
    return await tenants.of(tenant);
  };
  const work = { queue, hostKey, tenantOf };
  if (options.work !== false)
    await Promise.all([workImports(work, allModules), workTakeBacks(work, allModules)]);
  return {
    giveJob: givesJobs(queue, hostKey, importQueue),
    giveTakeBack: givesJobs(queue, hostKey, takeBackQueue),
    stop: () => queue.stop(),
  };
}
