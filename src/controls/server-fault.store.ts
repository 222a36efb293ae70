import type { Tenancy } from "#platform/tenancy/index.ts";

/** Breaks something on the server as its administrator; answers with what mends it. */
export async function breakOnServer(
  tenancy: Tenancy,
  breaking: string,
  mending: string,
): Promise<() => Promise<unknown>> {
  await tenancy.registry.query(breaking);
  return () => tenancy.registry.query(mending);
}
