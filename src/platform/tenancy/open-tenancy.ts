import { resolve } from "node:path";
import type { ClientBase, Pool } from "pg";
import type { Log } from "../log/index.ts";
import { withClient, type Server, type ServerConnection } from "../postgres/index.ts";
import { openHostKey, unseal, type HostKey } from "../secrets/index.ts";
import { asOwner } from "./as-owner.ts";
import { clearUnfinished, createTenant } from "./create-tenant.ts";
import { allowLogin, putBackRole } from "./database.store.ts";
import { rememberHosts } from "./host-names.ts";
import { migrateAll, type MigrationReport } from "./migrate-all.ts";
import { openRegistry } from "./open-registry.ts";
import { readinessOf, type NotReady } from "./readiness.ts";
import { findTenant, listTenants, sealedPasswordOf, setState } from "./registry.store.ts";
import { limitsFrom, openTenantPools, type PoolLimits } from "./tenant-pools.ts";
import { tenantDatabases, type TenantDatabases } from "./tenant-databases.ts";
import { TenancyError, type Tenant } from "./tenant.ts";

export type Tenancy = {
  /** The host's own database. */
  registry: Pool;
  registryConnection: ServerConnection;
  /** `prepare` runs before the tenant can be reached; when it throws nothing of the tenant remains. Throws TenancyError. */
  createTenant(
    wanted: { key: string; name: string },
    prepare?: (tenant: Tenant) => Promise<void>,
    lay?: (databaseName: string) => Promise<void>,
  ): Promise<Tenant>;
  /** For restores: databases beside those in use. */
  databases: TenantDatabases;
  list(): Promise<Tenant[]>;
  /** Throws TenancyError `unknown_tenant`, like suspend and resume. */
  show(key: string): Promise<Tenant>;
  /** In force at once in the database, within a second at the door. */
  suspend(key: string): Promise<Tenant>;
  resume(key: string): Promise<Tenant>;
  /** Who is at this `Host` header, at most a second old. Look at `state` before serving. */
  tenantByHost(host: string): Promise<Tenant | undefined>;
  pool(tenant: Tenant): Pool;
  asOwner<Result>(tenant: Tenant, work: (client: ClientBase) => Promise<Result>): Promise<Result>;
  migrateAll(): Promise<MigrationReport>;
  /** Why no tenant can be served; empty when nothing keeps them out. At most a second old. */
  notReady(): Promise<NotReady[]>;
  close(): Promise<void>;
};

export type TenancyOptions = {
  server: Pick<Server, "connection">;
  dataDirectory: string;
  /** Tenants are reached at `<key>.<domain>`. */
  domain: string;
  log: Log;
  registryDatabase?: string;
  migrations?: { registry?: string; tenant?: string };
  limits?: Partial<PoolLimits>;
};

const migrationsFolder = resolve(import.meta.dirname, "../../../migrations");
export const tenantMigrations = `${migrationsFolder}/tenant`;
/** The host's own database. */
export const registryName = "strongroom_registry";

/** Opens the registry and everything about tenants, after clearing away what a killed program left unfinished. */
export async function openTenancy(options: TenancyOptions): Promise<Tenancy> {
  const { server, dataDirectory, domain, log } = options;
  const { connection } = server;
  const migrations = options.migrations?.tenant ?? tenantMigrations;
  const registryMigrations = options.migrations?.registry ?? `${migrationsFolder}/registry`;
  const hostKey = await openHostKey(dataDirectory);
  const registryDatabase = options.registryDatabase ?? registryName;
  const opened = await openRegistry(connection, registryDatabase, registryMigrations);
  const { registry } = opened;
  const founding = { registry, registryDatabase, connection, hostKey, domain, migrations, log };
  await clearUnfinished(founding);
  const limits = { ...limitsFrom(process.env), ...options.limits };
  const password = (tenant: Tenant) => passwordOf(registry, hostKey, tenant);
  const pools = openTenantPools(connection, limits, password, async ({ id, key, roleName }) => {
    const secret = await passwordOf(registry, hostKey, { id, key });
    await withClient(connection, (client) => putBackRole(client, roleName, secret));
    log.error({ key }, "A tenant's database role had changed its password or settings; they were put back");
  });
  const show = (key: string) => getTenant(registry, key);
  const admit = (key: string, allowed: boolean) => setAdmission(registry, connection, key, allowed);

  return {
    ...opened,
    createTenant: (wanted, prepare = async () => undefined, lay) =>
      createTenant(founding, wanted, prepare, lay),
    databases: tenantDatabases(founding, pools),
    list: () => listTenants(registry),
    show,
    async suspend(key) {
      const tenant = await admit(key, false);
      await pools.close(tenant.id);
      return tenant;
    },
    resume: (key) => admit(key, true),
    tenantByHost: rememberHosts((host) => findTenant(registry, "host", host)),
    pool: pools.of,
    asOwner: (tenant, work) => asOwner(connection, tenant, work),
    migrateAll: () => migrateAll(founding),
    notReady: readinessOf(registry, registryMigrations),
    async close() {
      await pools.closeAll();
      await registry.end();
    },
  };
}

async function getTenant(registry: Pool, key: string): Promise<Tenant> {
  const tenant = await findTenant(registry, "key", key);
  if (!tenant) throw new TenancyError("unknown_tenant", `There is no tenant "${key.slice(0, 60)}".`);
  return tenant;
}

// The registry first when closing, the role first when opening: at no moment is the door open and the role shut.
async function setAdmission(registry: Pool, connection: ServerConnection, key: string, allowed: boolean) {
  const tenant = await getTenant(registry, key);
  const setLogin = () => withClient(connection, (client) => allowLogin(client, tenant.roleName, allowed));
  if (allowed) await setLogin();
  await setState(registry, tenant.id, allowed ? "active" : "suspended");
  if (!allowed) await setLogin();
  return getTenant(registry, key);
}

async function passwordOf(
  registry: Pool,
  hostKey: HostKey,
  tenant: Pick<Tenant, "id" | "key">,
): Promise<string> {
  const sealed = await sealedPasswordOf(registry, tenant.id);
  if (!sealed) throw new TenancyError("unknown_tenant", `There is no tenant "${tenant.key}" any more.`);
  return unseal(hostKey, sealed, tenant.id);
}
