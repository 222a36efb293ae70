import type { Call, Pool } from "#core/index.ts";

export type Attempt = { userId: number | null; passwordHash: string | null; blocked: boolean };

/** Counts the attempt in a transaction of its own, before any hash is computed. */
export async function beginSignIn(pool: Pool, name: string, device: Buffer | null): Promise<Attempt> {
  const { rows } = await pool.query<{ user_id: number; password_hash: string | null; blocked: boolean }>(
    "select * from access.begin_sign_in($1, $2)",
    [name, device],
  );
  const [row] = rows;
  return {
    userId: row?.user_id ?? null,
    passwordHash: row?.password_hash ?? null,
    blocked: row?.blocked ?? false,
  };
}

export async function finishSignIn(
  pool: Pool,
  userId: number,
  token: Buffer,
  device: Buffer,
  call: Call,
): Promise<void> {
  await pool.query("select access.finish_sign_in($1, $2, $3, $4, $5)", [
    userId,
    token,
    device,
    call.ip,
    call.userAgent,
  ]);
}

export async function logSignIn(
  pool: Pool,
  name: string,
  userId: number | null,
  call: Call,
  outcome: string,
): Promise<void> {
  await pool.query("select access.log_sign_in($1, $2, $3, $4, $5)", [
    name,
    userId,
    call.ip,
    call.userAgent,
    outcome,
  ]);
}
