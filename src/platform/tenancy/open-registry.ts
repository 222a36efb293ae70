import { Pool } from "pg";
import { migrate, withClient, type ServerConnection } from "../postgres/index.ts";
import { withLock } from "./advisory-lock.ts";
import { createEmptyDatabase, databaseExists, ensureSharedRoles } from "./database.store.ts";

/** Makes or migrates the host's own database and the shared roles, then opens a pool on it. */
export async function openRegistry(
  connection: ServerConnection,
  name: string,
  migrations: string,
): Promise<{ registry: Pool; registryConnection: ServerConnection }> {
  const registryConnection = { ...connection, database: name };
  await withClient(connection, (client) =>
    withLock(client, "registry", "exclusive", async () => {
      await ensureSharedRoles(client);
      if (!(await databaseExists(client, name))) await createEmptyDatabase(client, name);
    }),
  );
  await withClient(registryConnection, (client) => migrate(client, migrations));
  const registry = new Pool({
    ...registryConnection,
    application_name: "strongroom registry",
    max: 4,
    connectionTimeoutMillis: 5_000,
  });
  registry.on("error", () => undefined);
  return { registry, registryConnection };
}
