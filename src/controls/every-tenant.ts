import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";

/** Tenants one check looks into at most; the others have their turn at another time. */
const lookedIntoMax = 25;

/** Some tenants' databases, one after the other, as their owner: for counts and settings alone, never for records. */
export async function inTenants<Row>(
  tenancy: Tenancy,
  statement: string,
): Promise<{ tenant: Tenant; row: Row }[]> {
  const answers: { tenant: Tenant; row: Row }[] = [];
  for (const tenant of someOf(await tenancy.list(), lookedIntoMax)) {
    const { rows } = await tenancy.asOwner(tenant, (owner) => owner.query(statement));
    answers.push({ tenant, row: rows[0] as Row });
  }
  return answers;
}

/** All while they are few, else as many by chance. */
export function someOf<T>(all: readonly T[], countMax: number): T[] {
  if (all.length <= countMax) return [...all];
  return all
    .map((each) => ({ each, order: Math.random() }))
    .sort((one, other) => one.order - other.order)
    .slice(0, countMax)
    .map(({ each }) => each);
}
