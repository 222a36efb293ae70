import { escapeIdentifier, escapeLiteral, type ClientBase } from "pg";

/** Owns every database and every object in it, and can never log in. */
export const ownerRole = "strongroom_owner";
/** What a tenant's role may do in its own database; granted to by the migrations. */
export const runtimeRole = "strongroom_runtime";

export async function databaseExists(client: ClientBase, name: string): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_database WHERE datname = $1", [name]);
  return rowCount === 1;
}

/** Makes the two roles without login that all tenant databases share. */
export async function ensureSharedRoles(client: ClientBase): Promise<void> {
  for (const role of [ownerRole, runtimeRole]) {
    const { rowCount } = await client.query("SELECT FROM pg_catalog.pg_roles WHERE rolname = $1", [role]);
    if (!rowCount)
      await client.query(`CREATE ROLE ${role} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`);
  }
  // An administrator who is no superuser must be a member to make databases for the owner and act as him.
  const { rows } = await client.query<{ superuser: boolean; member: boolean }>(`
    SELECT rolsuper AS superuser, pg_has_role(rolname, '${ownerRole}', 'usage') AS member
    FROM pg_catalog.pg_roles WHERE rolname = current_user`);
  if (!rows[0]?.superuser && !rows[0]?.member) await client.query(`GRANT ${ownerRole} TO current_user`);
}

/** An empty database that nobody but its owner may enter. */
export async function createEmptyDatabase(client: ClientBase, name: string): Promise<void> {
  const { rows } = await client.query<{ version: number }>(
    "SELECT current_setting('server_version_num')::int AS version",
  );
  const builtin = (rows[0]?.version ?? 0) >= 170_000;
  const locale = builtin
    ? "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
    : "LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'";
  await client.query(
    `CREATE DATABASE ${escapeIdentifier(name)} OWNER ${ownerRole} TEMPLATE template0 ENCODING 'UTF8' ${locale}`,
  );
  await client.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC`);
}

/** Nobody may enter a template: whoever is in it keeps it from being cloned. */
export async function closeTemplate(client: ClientBase, name: string): Promise<void> {
  await client.query(
    `ALTER DATABASE ${escapeIdentifier(name)} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`,
  );
}

export async function dropTemplate(client: ClientBase, name: string): Promise<void> {
  await client.query(`ALTER DATABASE ${escapeIdentifier(name)} WITH IS_TEMPLATE false`);
  await client.query(`DROP DATABASE ${escapeIdentifier(name)}`);
}

/** A clone of the template that opens only when its rights are set. */
export async function cloneDatabase(
  client: ClientBase,
  template: string,
  name: string,
  role?: string,
): Promise<void> {
  const database = escapeIdentifier(name);
  await client.query(
    `CREATE DATABASE ${database} OWNER ${ownerRole} TEMPLATE ${escapeIdentifier(template)} ALLOW_CONNECTIONS false`,
  );
  await client.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  if (role !== undefined) await admitRole(client, name, role);
  await client.query(`ALTER DATABASE ${database} WITH ALLOW_CONNECTIONS true`);
}

export async function admitRole(client: ClientBase, database: string, role: string): Promise<void> {
  await client.query(`GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${escapeIdentifier(role)}`);
}

/** Keeps the role out of one database from now on: its connections there end too. */
export async function expelRole(client: ClientBase, database: string, role: string): Promise<void> {
  await client.query(
    `REVOKE CONNECT ON DATABASE ${escapeIdentifier(database)} FROM ${escapeIdentifier(role)}`,
  );
  await client.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_catalog.pg_stat_activity WHERE usename = $1 AND datname = $2`,
    [role, database],
  );
}

export async function dropDatabase(client: ClientBase, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`);
}

const connectionsPerRole = 50;

export async function createTenantRole(client: ClientBase, role: string, password: string): Promise<void> {
  await client.query(
    `CREATE ROLE ${escapeIdentifier(role)} LOGIN PASSWORD ${escapeLiteral(password)} CONNECTION LIMIT ${connectionsPerRole}
       NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION IN ROLE ${runtimeRole}`,
  );
}

/** As it was made: with the host's password, and no settings of its own anywhere. */
export async function putBackRole(client: ClientBase, role: string, password: string): Promise<void> {
  await client.query(
    `ALTER ROLE ${escapeIdentifier(role)} PASSWORD ${escapeLiteral(password)}; ALTER ROLE ${escapeIdentifier(role)} RESET ALL`,
  );
  const { rows } = await client.query<{ name: string }>(
    `SELECT d.datname AS name FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
     JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE r.rolname = $1`,
    [role],
  );
  for (const { name } of rows)
    await client.query(
      `ALTER ROLE ${escapeIdentifier(role)} IN DATABASE ${escapeIdentifier(name)} RESET ALL`,
    );
}

/**
 * Takes from everybody what PostgreSQL gives everybody and a tenant's role has no use for: large objects, locks by number
 * (each takes of the memory that all tenants' locks share), notices, and ending others' connections. `client` is the
 * administrator in that database; on a server where he is no superuser nothing changes.
 */
export async function closeCatalog(client: ClientBase): Promise<void> {
  await client.query(`DO $$ DECLARE f regprocedure; BEGIN
    FOR f IN SELECT p.oid FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace
      AND (p.proname ~ '^lo_' OR p.proname IN ('loread', 'lowrite', 'pg_notify', 'pg_terminate_backend', 'pg_cancel_backend',
        'pg_logical_emit_message') OR p.proname ~ '^pg_(try_)?advisory_')
      AND has_function_privilege('public', p.oid, 'EXECUTE') AND (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
    LOOP
      EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${ownerRole}', f);
    END LOOP; END $$`);
}

/** Lets the role in or keeps it out; kept out, its open connections end too. */
export async function allowLogin(client: ClientBase, role: string, allowed: boolean): Promise<void> {
  await client.query(`ALTER ROLE ${escapeIdentifier(role)} ${allowed ? "LOGIN" : "NOLOGIN"}`);
  if (allowed) return;
  // On a server where we may not end others' connections, the caller's refusal of the host name must do.
  await client
    .query("SELECT pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = $1", [role])
    .catch(() => undefined);
}

export async function dropDatabaseAndRole(client: ClientBase, name: string, role: string): Promise<void> {
  await dropDatabase(client, name);
  await client.query(`DROP ROLE IF EXISTS ${escapeIdentifier(role)}`);
}
