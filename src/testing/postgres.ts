import { Client, escapeIdentifier } from "pg";
import { inject } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { randomName } from "#platform/secrets/index.ts";
import { openTenancy, type Tenancy, type TenancyOptions, type Tenant } from "#platform/tenancy/index.ts";

/**
 * A tenancy of the test file's own on the run's one server: its registry and its tenants are invisible to other
 * files, and `await using` (or `close`) drops them all.
 *
 *     const tenancy = await openTestTenancy();
 *     afterAll(() => tenancy.close());
 *     const tenant = await tenancy.aTenant();             // about 0.2 s
 *     await tenancy.pool(tenant).query("…");              // as the tenant's own role
 *     await tenancy.asOwner(tenant, (client) => …);       // past the policies, to arrange
 */
export type TestTenancy = Tenancy &
  AsyncDisposable & {
    /** The administrator's connection to the server; put a `database` beside it to enter one. */
    server: ServerConnection;
    /** What it was opened with: opens the same registry once more, here or in another process. */
    options: TenancyOptions;
    /** A fresh tenant from the migrated template, under a random key unless one is given. */
    aTenant(wanted?: { key?: string; name?: string }): Promise<Tenant>;
    /** A connection as the tenant's role to any database; the caller ends it. Throws what PostgreSQL throws. */
    connectAs(tenant: Tenant, database: string): Promise<Client>;
  };

/** Opens it. `migrations.tenant` puts another folder in place of `migrations/tenant`. */
export async function openTestTenancy(options: Partial<TenancyOptions> = {}): Promise<TestTenancy> {
  const { connection, directory } = inject("testServer");
  const merged = {
    server: { connection },
    dataDirectory: directory,
    domain: "localhost",
    log: openLog({ level: "silent" }),
    registryDatabase: `strongroom_registry_${randomName("x").slice(0, 12)}`,
    ...options,
  };
  const tenancy = await openTenancy(merged);

  const close = async () => {
    const databases = (await tenancy.list()).map(({ databaseName }) => databaseName);
    await tenancy.close();
    // Whoever opens another's registry once more leaves its databases to that one.
    if (options.registryDatabase) return;
    await withClient(connection, async (client) => {
      for (const name of [...databases, merged.registryDatabase]) {
        await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
      }
    });
  };

  return {
    ...tenancy,
    server: connection,
    options: merged,
    aTenant: ({ key = randomName("k"), name = "A tenant" } = {}) => tenancy.createTenant({ key, name }),
    connectAs: (tenant, database) => connectAs(tenancy, tenant, database),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function connectAs(tenancy: Tenancy, tenant: Tenant, database: string): Promise<Client> {
  const { options } = tenancy.pool(tenant);
  const { host, port, user } = options;
  const password = await (options.password as () => Promise<string>)();
  const client = new Client({ host, port, user, password, database });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}
