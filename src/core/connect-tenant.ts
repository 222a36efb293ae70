import { AuditBuffer } from "./audit.ts";
import type { TenantConnection } from "./call.ts";
import type { Pool } from "./transaction.ts";

export type OpenTenant = { connection: TenantConnection; close: () => Promise<void> };

/**
 * Opens a tenant for one process. A run of the log that was never closed leaves a row that says which second
 * of views, lists and searches may be missing.
 */
export async function connectTenant(
  tenant: Omit<TenantConnection, "pool" | "audit">,
  pool: () => Pool,
): Promise<OpenTenant> {
  const { rows } = await pool().query<{ run: number }>("select public.open_audit_run() as run");
  const audit = new AuditBuffer(pool);
  return {
    connection: { ...tenant, pool, audit },
    close: async () => {
      await audit.close();
      await pool().query("select public.close_audit_run($1)", [rows[0]?.run]);
    },
  };
}
