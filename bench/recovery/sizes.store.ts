import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { cloneDatabase } from "#platform/tenancy/database.store.ts";

type Place = { server: ServerConnection };

/** Gigabytes of all databases together and of the largest, and how many there are. */
export async function databaseSizes({ server }: Place): Promise<{
  all: number;
  largest: number;
  count: number;
}> {
  const { rows } = await withClient(server, (client) =>
    client.query(`
      SELECT sum(bytes)::float8 / 2 ^ 30 AS all, max(bytes)::float8 / 2 ^ 30 AS largest, count(*)::int AS count
      FROM (SELECT pg_database_size(oid) AS bytes FROM pg_catalog.pg_database)`),
  );
  return rows[0];
}

/** So many more databases like that one, which nobody is in. */
export async function addDatabases({ server }: Place, like: string, count: number): Promise<void> {
  await withClient(server, async (client) => {
    const { rows } = await client.query("SELECT count(*)::int AS there FROM pg_catalog.pg_database");
    for (let number = 0; number < count; number++)
      await cloneDatabase(client, like, `bench_${rows[0].there + number}`);
  });
}

/** The largest tenant's database. */
export async function largestName({ server }: Place): Promise<string> {
  const { rows } = await withClient(server, (client) =>
    client.query(
      "SELECT datname AS name FROM pg_catalog.pg_database ORDER BY pg_database_size(oid) DESC LIMIT 1",
    ),
  );
  return rows[0].name;
}

/** What a new tenant's database is copied from. */
export async function templateName({ server }: Place): Promise<string> {
  const { rows } = await withClient(server, (client) =>
    client.query(
      "SELECT datname AS name FROM pg_catalog.pg_database WHERE starts_with(datname, 'strongroom_template_')",
    ),
  );
  return rows[0].name;
}

/** Bytes of log the server has written since it was made, without what fills up files that were ended early. */
export async function walBytes({ server }: Place): Promise<number> {
  const { rows } = await withClient(server, (client) =>
    client.query("SELECT wal_bytes::float8 AS bytes FROM pg_catalog.pg_stat_wal"),
  );
  return rows[0].bytes;
}

/** How many connections there are of anybody but whoever asks, and how many of them are tenants'. */
export async function connectionCounts({ server }: Place): Promise<{ all: number; tenants: number }> {
  const { rows } = await withClient(server, (client) =>
    client.query(`
      SELECT count(*)::int AS all, count(*) FILTER (WHERE usename <> current_user)::int AS tenants
      FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`),
  );
  return rows[0];
}
