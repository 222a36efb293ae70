import { askAsProgram, networkOf, type Call } from "#core/index.ts";

export type Attempt = { userId: number | null; passwordHash: string | null; blocked: boolean };

/** Counts the attempt in a transaction of its own, before any hash is computed. */
export async function beginSignIn(call: Call, name: string, device: Buffer | null): Promise<Attempt> {
  const [row] = await askAsProgram<{ user_id: number; password_hash: string | null; blocked: boolean }>(
    call.tenant,
    "access.begin_sign_in",
    { name, device: device?.toString("hex"), network: networkOf(call.ip) },
  );
  return {
    userId: row?.user_id ?? null,
    passwordHash: row?.password_hash ?? null,
    blocked: row?.blocked ?? false,
  };
}

/** What was tried in his name since he was last here. */
export type Failed = { count: number; last: string | null; addresses: string[] };

/**
 * `first`: the session may only change the password. Undefined when the password that was compared is no longer his:
 * it was changed while the hash was computed.
 */
export async function finishSignIn(
  { tenant, ip, userAgent }: Call,
  { userId, passwordHash }: Attempt,
  hashes: { token: Buffer; device: Buffer; oldDevice: Buffer | null },
): Promise<{ first: boolean; failed: Failed } | undefined> {
  const [row] = await askAsProgram<{ finish_sign_in: { first: boolean; failed: Failed } | null }>(
    tenant,
    "access.finish_sign_in",
    {
      userId,
      passwordHash,
      token: hashes.token.toString("hex"),
      device: hashes.device.toString("hex"),
      oldDevice: hashes.oldDevice?.toString("hex"),
      network: networkOf(ip),
      ip,
      userAgent,
    },
  );
  return row?.finish_sign_in ?? undefined;
}

/** Whose password a session may change, and the one it has. */
export type Changing = {
  userId: number;
  sessionId: string;
  name: string;
  fullName: string;
  email: string | null;
  passwordHash: string | null;
};

export async function beginPasswordChange({ tenant }: Call, token: Buffer): Promise<Changing | undefined> {
  type Row = { user_id: number; session_id: string; full_name: string; password_hash: string | null };
  const asked = { token: token.toString("hex") };
  const [row] = await askAsProgram<Row & Pick<Changing, "name" | "email">>(
    tenant,
    "access.begin_password_change",
    asked,
  );
  if (row === undefined) return undefined;
  const { user_id: userId, session_id: sessionId, full_name: fullName, password_hash: passwordHash } = row;
  return { userId, sessionId, fullName, passwordHash, name: row.name, email: row.email };
}

export async function finishPasswordChange({ tenant }: Call, sessionId: string, hash: string): Promise<void> {
  await askAsProgram(tenant, "access.finish_password_change", { sessionId, hash });
}

export async function logSignIn(
  { tenant, ip, userAgent }: Call,
  name: string,
  userId: number | null,
  outcome: "signed_in" | "failed" | "blocked",
): Promise<void> {
  await askAsProgram(tenant, "access.log_sign_in", { name, userId, ip, userAgent, outcome });
}
