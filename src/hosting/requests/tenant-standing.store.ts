import type { Pool } from "pg";

export type TenantStanding = {
  key: string;
  createdAt: Date;
  databaseName: string;
  withoutApproval: boolean;
};

export async function readStanding(registry: Pool, tenantId: string): Promise<TenantStanding | undefined> {
  const { rows } = await registry.query<TenantStanding & { madeAt: string }>(
    `SELECT key, extract(epoch FROM created_at) * 1000 AS "madeAt", database_name AS "databaseName",
       restores_without_approval AS "withoutApproval" FROM tenants WHERE id = $1`,
    [tenantId],
  );
  return rows[0] && { ...rows[0], createdAt: new Date(Number(rows[0].madeAt)) };
}

/** Whether the tenant's administrators may restore without asking the host each time. */
export async function allowWithoutApproval(
  registry: Pool,
  tenantId: string,
  allowed: boolean,
): Promise<void> {
  await registry.query("UPDATE tenants SET restores_without_approval = $2 WHERE id = $1", [
    tenantId,
    allowed,
  ]);
}
