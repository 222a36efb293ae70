import type { Pool } from "pg";
import { migrate, withClient, type ServerConnection } from "../postgres/index.ts";
import { dropOldTemplates, type TemplateSource } from "./template.ts";
import { listTenants, setSchemaVersion } from "./registry.store.ts";
import type { Tenant } from "./tenant.ts";
import { closeCatalog } from "./database.store.ts";
import { asOwner } from "./as-owner.ts";
import { versionIn, versionOf } from "./versions.ts";
import type { Log } from "../log/index.ts";

export type MigrationReport = {
  migrated: Tenant[];
  /** Each stands at the version it reached and goes on from there next time. */
  failed: { tenant: Tenant; error: Error }[];
};

/** Brings every tenant to the newest version, one after the other. One tenant's failure does not touch the others. */
export async function migrateAll(
  source: TemplateSource & { registry: Pool; log: Log },
): Promise<MigrationReport> {
  const { registry, connection, migrations, log } = source;
  const newest = await versionOf(migrations);
  const report: MigrationReport = { migrated: [], failed: [] };
  for (const tenant of await listTenants(registry)) {
    if (tenant.schemaVersion === newest) continue;
    const { reached, error } = await migrateOne(connection, tenant, migrations);
    if (reached !== undefined) await setSchemaVersion(registry, tenant.id, reached);
    if (error) {
      report.failed.push({ tenant, error });
      log.error({ key: tenant.key, version: reached, err: error }, "A tenant could not be migrated");
    } else {
      report.migrated.push({ ...tenant, schemaVersion: newest });
    }
  }
  await withClient(connection, (client) => dropOldTemplates(client, source));
  return report;
}

type Outcome = { reached: number | undefined; error?: Error };

async function migrateOne(
  connection: ServerConnection,
  tenant: Tenant,
  migrations: string,
): Promise<Outcome> {
  let reached: number | undefined;
  try {
    await withClient({ ...connection, database: tenant.databaseName }, closeCatalog);
    await asOwner(connection, tenant, async (client) => {
      try {
        await migrate(client, migrations);
      } finally {
        reached = await versionIn(client);
      }
    });
    return { reached };
  } catch (error) {
    return { reached, error: error as Error };
  }
}
