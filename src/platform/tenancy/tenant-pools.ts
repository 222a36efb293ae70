import type { Pool } from "pg";
import type { ServerConnection } from "../postgres/index.ts";
import { ConnectionCap } from "./connection-cap.ts";
import { TenantPool } from "./tenant-pool.ts";
import type { Tenant } from "./tenant.ts";

export type PoolLimits = {
  /** Connections of one tenant. */
  perTenantMax: number;
  /** Connections of all tenants together. */
  allMax: number;
  waitMilliseconds: number;
  idleMilliseconds: number;
};

export type TenantPools = {
  /** The tenant's pool, as its own role in its own database. */
  of(tenant: Tenant): Pool;
  close(tenantId: string): Promise<void>;
  /** Of whichever tenant, on one database. */
  closeOn(databaseName: string): Promise<void>;
  closeAll(): Promise<void>;
};

export function limitsFrom(environment: NodeJS.ProcessEnv): PoolLimits {
  const perTenantMax = Number(environment.STRONGROOM_POOL_SIZE);
  return {
    perTenantMax: Number.isInteger(perTenantMax) && perTenantMax > 0 ? Math.min(perTenantMax, 40) : 4,
    // A small host's server has sixty for the whole program: the registry, the jobs and the host's commands need some too.
    allMax: 40,
    waitMilliseconds: 5_000,
    idleMilliseconds: 10_000,
  };
}

export function openTenantPools(
  connection: ServerConnection,
  limits: PoolLimits,
  passwordOf: (tenant: Tenant) => Promise<string>,
  mend: (tenant: Tenant) => Promise<void> = async () => undefined,
): TenantPools {
  const cap = new ConnectionCap(limits);
  const pools = new Map<string, TenantPool>();

  // A tenant whose database was replaced has a pool on each for a moment.
  const keyOf = ({ id, databaseName }: Tenant) => `${id} ${databaseName}`;
  const open = (tenant: Tenant): TenantPool =>
    new TenantPool(
      cap,
      keyOf(tenant),
      {
        host: connection.host,
        port: connection.port,
        ...(connection.ssl === undefined ? {} : { ssl: connection.ssl }),
        database: tenant.databaseName,
        user: tenant.roleName,
        password: () => passwordOf(tenant),
        application_name: "strongroom",
        // A statement need not wait for the answer to the one before it.
        pipeline: true,
        max: limits.perTenantMax,
        connectionTimeoutMillis: limits.waitMilliseconds,
        idleTimeoutMillis: limits.idleMilliseconds,
      },
      () => mend(tenant),
    );

  const end = async (key: string): Promise<void> => {
    const pool = pools.get(key);
    if (!pool) return;
    pools.delete(key);
    cap.forget(pool);
    await pool.end();
  };
  const close = async (tenantId: string): Promise<void> => {
    const keys = [...pools.keys()].filter((key) => key.startsWith(tenantId));
    await Promise.all(keys.map(end));
  };

  return {
    of(tenant) {
      const pool = pools.get(keyOf(tenant)) ?? open(tenant);
      pools.set(keyOf(tenant), pool);
      return pool;
    },
    close,
    closeOn: async (databaseName) => {
      const keys = [...pools.keys()].filter((key) => key.endsWith(` ${databaseName}`));
      await Promise.all(keys.map(end));
    },
    closeAll: async () => void (await Promise.all([...pools.keys()].map(end))),
  };
}
