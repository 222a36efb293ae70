import type { ClientBase, Pool } from "pg";
import type { Tenant } from "./tenant.ts";

export type NewTenant = Pick<Tenant, "id" | "key" | "name" | "host" | "databaseName" | "roleName"> & {
  sealedPassword: string;
};

const columns = `id, key, name, host, database_name AS "databaseName", role_name AS "roleName", state,
  schema_version AS "schemaVersion", to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "createdAt"`;

export async function findTenant(registry: Pool, column: "id" | "key" | "host", value: string) {
  const { rows } = await registry.query<Tenant>(
    `SELECT ${columns} FROM tenants WHERE ${column} = $1 AND state <> 'creating'`,
    [value],
  );
  return rows[0];
}

export async function listTenants(registry: Pool): Promise<Tenant[]> {
  const { rows } = await registry.query<Tenant>(
    `SELECT ${columns} FROM tenants WHERE state <> 'creating' ORDER BY key`,
  );
  return rows;
}

/** The tenants whose creation has begun and not ended. */
export async function listUnfinished(registry: Pool): Promise<Tenant[]> {
  const { rows } = await registry.query<Tenant>(`SELECT ${columns} FROM tenants WHERE state = 'creating'`);
  return rows;
}

export async function isRetired(registry: Pool, name: string): Promise<boolean> {
  const { rowCount } = await registry.query("SELECT FROM retired_names WHERE name = $1", [name]);
  return rowCount === 1;
}

/** False when the key or the host name is taken. */
export async function insertTenant(registry: Pool, tenant: NewTenant): Promise<boolean> {
  const { id, key, name, host, databaseName, roleName, sealedPassword } = tenant;
  const { rowCount } = await registry.query(
    `INSERT INTO tenants (id, key, name, host, database_name, role_name, sealed_password, state)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'creating') ON CONFLICT DO NOTHING`,
    [id, key, name, host, databaseName, roleName, sealedPassword],
  );
  return rowCount === 1;
}

export async function setState(registry: Pool, id: string, state: Tenant["state"]): Promise<void> {
  await registry.query("UPDATE tenants SET state = $2 WHERE id = $1", [id, state]);
}

/** A new tenant is there from the moment it can be reached; a moment earlier its database may be half made. */
export async function openDoor(registry: Pool, id: string): Promise<void> {
  await registry.query("UPDATE tenants SET state = 'active', created_at = clock_timestamp() WHERE id = $1", [
    id,
  ]);
}

export async function setSchemaVersion(registry: Pool, id: string, version: number): Promise<void> {
  await registry.query("UPDATE tenants SET schema_version = $2 WHERE id = $1", [id, version]);
}

/** Puts the tenant on another database; false when it is not on `from` any more. */
export async function setDatabase(
  client: ClientBase,
  id: string,
  change: { from: string; to: string; schemaVersion: number },
): Promise<boolean> {
  const { rowCount } = await client.query(
    "UPDATE tenants SET database_name = $3, schema_version = $4 WHERE id = $1 AND database_name = $2",
    [id, change.from, change.to, change.schemaVersion],
  );
  return rowCount === 1;
}

export async function retireName(registry: Pool, name: string): Promise<void> {
  await registry.query("INSERT INTO retired_names (name) VALUES ($1) ON CONFLICT DO NOTHING", [name]);
}

/** True while any tenant is on that database. */
export async function isInUse(registry: Pool, name: string): Promise<boolean> {
  const { rowCount } = await registry.query("SELECT FROM tenants WHERE database_name = $1", [name]);
  return rowCount === 1;
}

export async function sealedPasswordOf(registry: Pool, id: string): Promise<string | undefined> {
  const { rows } = await registry.query<{ sealed: string }>(
    "SELECT sealed_password AS sealed FROM tenants WHERE id = $1",
    [id],
  );
  return rows[0]?.sealed;
}

/** Forgets an unfinished tenant. Its key is free again; its random names are not. */
export async function forgetUnfinished(registry: Pool, id: string): Promise<void> {
  await registry.query(
    `WITH gone AS (DELETE FROM tenants WHERE id = $1 AND state = 'creating' RETURNING database_name, role_name)
     INSERT INTO retired_names (name)
     SELECT database_name FROM gone UNION ALL SELECT role_name FROM gone`,
    [id],
  );
}
