import { setTimeout as delay } from "node:timers/promises";
import type { Tenancy } from "#platform/tenancy/index.ts";

/** Writes a name into a tenant, with a moment after its commit and before anything else. */
export async function note(tenancy: Tenancy, key: string, name: string): Promise<void> {
  await tenancy.asOwner(await tenancy.show(key), (owner) =>
    owner.query("INSERT INTO access.territory (name) VALUES ($1)", [name]),
  );
  await delay(3);
}

/** The names that were written into a tenant, in their order. */
export async function noted(tenancy: Tenancy, key: string): Promise<string[]> {
  const { rows } = await tenancy.asOwner(await tenancy.show(key), (owner) =>
    owner.query("SELECT name FROM access.territory WHERE id > 0 ORDER BY id"),
  );
  return rows.map(({ name }) => name);
}
