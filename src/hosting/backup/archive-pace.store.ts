import { withClient, type ServerConnection } from "#platform/postgres/index.ts";

/**
 * Wakes the checkpointer once in its life, which then keeps to `archive_timeout`. After a crash PostgreSQL (15 to 18)
 * computes its first sleep while the log is still replayed and leaves the archive out of it: it sleeps for a whole
 * `checkpoint_timeout`, and an idle server archives nothing meanwhile. Returns which one is awake, to be passed the next
 * time; does nothing where the role may not.
 */
export function wakeCheckpointer(
  connection: ServerConnection,
  awake: string | undefined,
): Promise<string | undefined> {
  return withClient(connection, async (client) => {
    const { rows } = await client.query<{ started: string }>(
      `SELECT backend_start::text AS started FROM pg_stat_activity
       WHERE backend_type = 'checkpointer' AND has_function_privilege('pg_reload_conf()', 'execute')`,
    );
    const started = rows[0]?.started;
    if (started !== undefined && started !== awake) await client.query("SELECT pg_reload_conf()");
    return started ?? awake;
  });
}
