import { escapeIdentifier } from "pg";
import { momentPolicies } from "#access/index.ts";
import { allModules } from "#modules/index.ts";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { runtimeRole } from "#platform/tenancy/index.ts";

/**
 * Leaves the tenant's role nothing it could change here: no right to write a table or to call what writes, and
 * transactions that begin READ ONLY; and nothing to read that its user may not see today. Safe to repeat, and to be repeated after a migration.
 */
export async function shutWrites(database: ServerConnection): Promise<void> {
  await withClient(database, async (client) => {
    await client.query("BEGIN READ WRITE");
    await client.query(
      `REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public, access FROM ${runtimeRole}`,
    );
    // A right on columns outlives one on the table.
    const { rows } = await client.query<{ revoke: string }>(
      `SELECT format('REVOKE INSERT (%1$I), UPDATE (%1$I) ON %2$s FROM ${runtimeRole}', a.attname, a.attrelid::regclass) AS revoke
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname IN ('public', 'access') AND a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped
       UNION ALL SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM ${runtimeRole}', f.oid::regprocedure)
       FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace
       WHERE n.nspname IN ('public', 'access') AND f.provolatile = 'v' AND f.prokind = 'f' AND f.proname <> 'enter'`,
    );
    for (const { revoke } of rows) await client.query(revoke);
    await client.query(momentPolicies(allModules.map(({ name }) => name)));
    await client.query(
      `ALTER DATABASE ${escapeIdentifier(database.database)} SET default_transaction_read_only = on`,
    );
    await client.query("COMMIT");
  });
}

/** What the tenant's role could still write in this database; nothing in a moment. */
export async function writableThings(database: ServerConnection): Promise<string[]> {
  return withClient(database, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname IN ('public', 'access') AND c.relkind = 'r'
         AND (has_table_privilege('${runtimeRole}', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
           OR has_any_column_privilege('${runtimeRole}', c.oid, 'INSERT, UPDATE'))
       UNION ALL SELECT 'transactions' WHERE current_setting('default_transaction_read_only') <> 'on'`,
    );
    return rows.map(({ name }) => name);
  });
}
