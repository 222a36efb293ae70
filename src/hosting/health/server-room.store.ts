import type { Tenancy } from "#platform/tenancy/index.ts";

export type Connections = { used: number; max: number };

/** Connections of the whole server, and how many anybody but its administrator may have. */
export async function connectionsOf({ registry }: Pick<Tenancy, "registry">): Promise<Connections> {
  const { rows } = await registry.query<Connections>(`
    SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS used,
      current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS max`);
  return rows[0] ?? { used: 0, max: 0 };
}
