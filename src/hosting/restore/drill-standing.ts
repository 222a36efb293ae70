import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { listRestores, type Restore } from "./restores.store.ts";

/** How well it is proved that every tenant can be restored; tenants by key. */
export type DrillStanding = {
  tenants: number;
  /** Drilled with success at least once. */
  drilled: number;
  /** Whose last success is more than seven days ago, though they have been there as long. */
  overdue: string[];
  /** Whose last drill failed. */
  failed: string[];
  /** When the tenant whose last success is longest ago had it, ISO 8601. */
  oldest: string | undefined;
};

const weekMilliseconds = 7 * 86_400_000;

export async function drillStanding(
  { registry, list }: Pick<Tenancy, "registry" | "list">,
  now: Date,
): Promise<DrillStanding> {
  const drills = (await listRestores(registry)).filter(({ kind }) => kind === "drill");
  return standingOf(await list(), drills, now);
}

/** `drills` newest first. */
export function standingOf(
  tenants: readonly Pick<Tenant, "id" | "key" | "createdAt">[],
  drills: readonly Pick<Restore, "tenantId" | "state" | "startedAt">[],
  now: Date,
): DrillStanding {
  const all = tenants.map(({ id, key, createdAt }) => {
    const its = drills.filter(({ tenantId, state }) => tenantId === id && state !== "running");
    const success = its.find(({ state }) => state === "done")?.startedAt;
    return { key, createdAt, success, failed: its[0]?.state === "failed" };
  });
  const isOld = (at: string) => now.getTime() - Date.parse(at) > weekMilliseconds;
  const successes = all.flatMap(({ success }) => success ?? []).sort();
  return {
    tenants: all.length,
    drilled: successes.length,
    overdue: all.filter(({ createdAt, success }) => isOld(success ?? createdAt)).map(({ key }) => key),
    failed: all.filter(({ failed }) => failed).map(({ key }) => key),
    oldest: successes[0],
  };
}
