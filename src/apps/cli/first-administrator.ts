import { createFirstAdministrator } from "#features/users/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";

/** Whom the host hands the new tenant to. The password is shown once and kept nowhere. */
export type FirstAdministrator = { userName: string; password: string };

/** Makes the user with all rights in a tenant that nobody can reach yet. When it throws, the tenant is not made. */
export async function foundFirstAdministrator(tenancy: Tenancy, tenant: Tenant): Promise<FirstAdministrator> {
  const { name, password } = await tenancy.asOwner(tenant, (owner) =>
    createFirstAdministrator(owner, { name: "admin", fullName: "Administrator" }),
  );
  return { userName: name, password };
}
