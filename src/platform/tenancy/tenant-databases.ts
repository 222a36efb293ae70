import type { ClientBase, Pool } from "pg";
import { migrate, withClient, type ServerConnection } from "../postgres/index.ts";
import {
  admitRole,
  cloneDatabase,
  closeCatalog,
  createEmptyDatabase,
  dropDatabase,
  expelRole,
  ownerRole,
} from "./database.store.ts";
import { isInUse, retireName, setDatabase } from "./registry.store.ts";
import { withTemplate, type TemplateSource } from "./template.ts";
import type { TenantPools } from "./tenant-pools.ts";
import type { Tenant } from "./tenant.ts";
import { versionOf } from "./versions.ts";

export type TenantDatabases = {
  newestVersion(): Promise<number>;
  /** Makes a database at that version of the migrations, which only the administrator may enter; on another server if given. */
  lay(name: string, version: number, elsewhere?: ServerConnection): Promise<void>;
  /** Brings it to the newest version; on another server if given. */
  bringUp(name: string, elsewhere?: ServerConnection): Promise<void>;
  /**
   * Puts a tenant on another database by one row of the registry. From the moment nobody can write to the old one
   * until the new one is in use, `before` runs; `within` shares the registry's transaction. When anything throws, the
   * tenant stays where it is.
   */
  switchTo(tenant: Tenant, to: string, steps: SwitchSteps): Promise<void>;
  /** Lets a tenant's role into the database it is on, after a switch that was cut off. */
  admit(tenant: Tenant): Promise<void>;
  /** Drops a database no tenant is on. Its name is never used again. */
  drop(name: string): Promise<void>;
};

export type SwitchSteps = { before: () => Promise<void>; within: (client: ClientBase) => Promise<void> };

export function tenantDatabases(
  source: TemplateSource & { registry: Pool },
  pools: Pick<TenantPools, "close" | "closeOn">,
): TenantDatabases {
  const { connection, migrations, registry } = source;
  const asAdministrator = <Result>(work: (client: ClientBase) => Promise<Result>) =>
    withClient(connection, work);
  const migrateTo = (name: string, version?: number, server = connection) =>
    withClient({ ...server, database: name }, async (client) => {
      // A moment's database is only read but for this.
      await client.query("SET default_transaction_read_only = off");
      await closeCatalog(client);
      await client.query(`SET ROLE ${ownerRole}`);
      await migrate(client, migrations, version);
    });

  return {
    newestVersion: () => versionOf(migrations),
    async lay(name, version, elsewhere) {
      if (elsewhere === undefined && version === (await versionOf(migrations))) {
        return asAdministrator((client) =>
          withTemplate(client, source, (template) => cloneDatabase(client, template, name)),
        );
      }
      await withClient(elsewhere ?? connection, (client) => createEmptyDatabase(client, name));
      await migrateTo(name, version, elsewhere);
    },
    bringUp: (name, elsewhere) => migrateTo(name, undefined, elsewhere),
    async switchTo(tenant, to, { before, within }) {
      const { databaseName: from, roleName } = tenant;
      await asAdministrator(async (client) => {
        await admitRole(client, to, roleName);
        await expelRole(client, from, roleName);
        try {
          await before();
          await inTransaction(registry, async (row) => {
            const schemaVersion = await versionOf(migrations);
            if (!(await setDatabase(row, tenant.id, { from, to, schemaVersion })))
              throw new Error(`Tenant ${tenant.key} was put on another database meanwhile.`);
            await within(row);
          });
        } catch (error) {
          if (await isInUse(registry, from)) await admitRole(client, from, roleName);
          await expelRole(client, to, roleName);
          throw error;
        }
      });
      await pools.close(tenant.id);
    },
    admit: (tenant) => asAdministrator((client) => admitRole(client, tenant.databaseName, tenant.roleName)),
    async drop(name) {
      if (await isInUse(registry, name)) throw new Error(`${name} is in use.`);
      await retireName(registry, name);
      await asAdministrator((client) => dropDatabase(client, name));
      await pools.closeOn(name);
    },
  };
}

async function inTransaction(registry: Pool, work: (client: ClientBase) => Promise<void>): Promise<void> {
  const client = await registry.connect();
  try {
    await client.query("BEGIN");
    await work(client);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
