import { AuditBuffer } from "./audit.ts";
import type { TenantConnection } from "./call.ts";
import { askAsProgram } from "./door.ts";

export type OpenTenant = { connection: TenantConnection; close: () => Promise<void> };

/**
 * Opens a tenant for one process. A run of the log that was never closed leaves a row that says which second
 * of views, lists and searches may be missing.
 */
export async function connectTenant(tenant: Omit<TenantConnection, "audit">): Promise<OpenTenant> {
  const [opened] = await askAsProgram<{ run: string }>(tenant, "public.open_audit_run", {});
  const audit = new AuditBuffer(tenant);
  return {
    connection: { ...tenant, audit },
    close: async () => {
      await audit.close();
      await askAsProgram(tenant, "public.close_audit_run", { run: opened?.run });
    },
  };
}
