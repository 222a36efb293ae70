export {
  openTenancy,
  registryName,
  tenantMigrations,
  type Tenancy,
  type TenancyOptions,
} from "./open-tenancy.ts";
export { ownerRole, runtimeRole } from "./database.store.ts";
export { lockNumber } from "./advisory-lock.ts";
export { TenancyError, type Tenant } from "./tenant.ts";
