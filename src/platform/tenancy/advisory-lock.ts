import { createHash } from "node:crypto";
import type { ClientBase } from "pg";

/** The number under which PostgreSQL locks a name for us. */
export function lockNumber(name: string): string {
  return createHash("sha256").update(`strongroom ${name}`).digest().readBigInt64BE().toString();
}

/** Holds a lock of the database the client is connected to while `work` runs; the server frees it if we die. */
export async function withLock<Result>(
  client: ClientBase,
  name: string,
  mode: "exclusive" | "shared",
  work: () => Promise<Result>,
): Promise<Result> {
  const suffix = mode === "shared" ? "_shared" : "";
  await client.query(`SELECT pg_advisory_lock${suffix}($1)`, [lockNumber(name)]);
  try {
    return await work();
  } finally {
    await client.query(`SELECT pg_advisory_unlock${suffix}($1)`, [lockNumber(name)]).catch(() => undefined);
  }
}

/** Like withLock, but does nothing when somebody else still holds the lock after `seconds`. */
export async function ifFreeWithin(
  client: ClientBase,
  name: string,
  seconds: number,
  work: () => Promise<void>,
): Promise<void> {
  await client.query(`SET lock_timeout = '${seconds}s'`);
  try {
    await withLock(client, name, "exclusive", work);
  } catch (error) {
    if ((error as { code?: string }).code !== lockNotAvailable) throw error;
  } finally {
    await client.query("RESET lock_timeout");
  }
}

const lockNotAvailable = "55P03";
