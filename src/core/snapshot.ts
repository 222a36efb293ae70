import type { Actor } from "./actor.ts";
import { connected, dbOf, enter, tokenShape, type Db, type Pool } from "./transaction.ts";

/** One moment of a tenant's database, held open on a connection of its own. */
export type Snapshot = { readonly db: Db; readonly actor: Actor | undefined; end(): Promise<void> };

/**
 * Opens a read-only snapshot as whom the token tells. When `signal` aborts the connection is closed, and the server ends
 * what it was doing for it within a second.
 */
export async function openSnapshot(
  pool: Pool,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Snapshot> {
  signal.throwIfAborted();
  const client = await connected(pool, token);
  const ignore = () => undefined;
  let open = true;
  const release = (broken: boolean) => {
    if (!open) return;
    open = false;
    signal.removeEventListener("abort", leave);
    client.release(broken);
    if (!broken) client.off("error", ignore);
  };
  const leave = () => release(true);
  client.on("error", ignore);
  signal.addEventListener("abort", leave);
  try {
    const options = { readOnly: true, snapshot: true, token } as const;
    const known = token !== undefined && tokenShape.test(token);
    const told = known ? await enter(client, options, token) : undefined;
    if (told !== undefined)
      await client.query(
        "SET LOCAL client_connection_check_interval = 1000; SET LOCAL cursor_tuple_fraction = 1",
      );
    const end = () => client.query("COMMIT").then(() => release(false), leave);
    return { db: dbOf(client), actor: told?.actor, end };
  } catch (error) {
    release(true);
    throw error;
  }
}
