import type { Moment } from "#core/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { databaseAt } from "../restore/restores.store.ts";
import { carryPresent } from "./carry-present.store.ts";
import { findMoment } from "./moments.store.ts";
import { together } from "./together.ts";

/** The moments of a tenant that are open, for the requests that name one. */
export function momentsOf(tenancy: Tenancy): (tenant: Tenant) => (id: string) => Promise<Moment | undefined> {
  const carrying = new Map<string, () => Promise<void>>();
  return (tenant) => async (id) => {
    const open = await findMoment(tenancy.registry, tenant.id, id);
    if (open === undefined) return undefined;
    const { databaseName, at } = open;
    // Carried from the database the tenant is on now, which is another one after a restore.
    const key = `${id} ${tenant.databaseName}`;
    const carry = carrying.get(key) ?? together(() => carryTo(tenancy, tenant, databaseName, at));
    carrying.set(key, carry);
    return { id, at, pool: () => tenancy.pool({ ...tenant, databaseName }), bringInStep: carry };
  };
}

async function carryTo(tenancy: Tenancy, tenant: Tenant, databaseName: string, at: string): Promise<void> {
  const { registry, registryConnection } = tenancy;
  const [from, to] = [tenant.databaseName, databaseName].map((database) => ({
    ...registryConnection,
    database,
  }));
  const sameLine = (await databaseAt(registry, tenant, new Date(at))) === tenant.databaseName;
  await carryPresent(from!, to!, { sameLine });
}
