import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Action, Remembered } from "./action.ts";
import type { Actor } from "./actor.ts";
import type { AuditEntry } from "./audit.ts";
import type { Call } from "./call.ts";
import { Refusal } from "./refusal.ts";
import type { Db } from "./transaction.ts";

type Asked<Input> = { db: Db; actor: Actor; input: Input };

/** What is remembered of a command sent before with the same key; the row lock makes the second wait for the first. */
export async function rememberedOf(
  action: Action<unknown>,
  call: Call,
  asked: Asked<unknown>,
): Promise<Remembered | undefined> {
  const key = call.idempotencyKey;
  if (key === undefined || action.kind === "query") return undefined;
  await sql`select access.hold(${`${asked.actor.userId}:${key}`}, true)`.execute(asked.db);
  const { rows } = await sql<{ action: string; input_hash: Buffer; result: Partial<Remembered> }>`
    select action, input_hash, result from public.idempotency
    where user_id = ${asked.actor.userId} and key = ${key} and at > now() - interval '1 day'`.execute(
    asked.db,
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  if (first.action !== action.name || !first.input_hash.equals(hashOf(action, asked.input)))
    throw new Refusal("duplicate", { field: "Idempotency-Key" });
  return { id: first.result.id ?? null, version: first.result.version ?? null };
}

/** Remembers that it was done, and to what; never what it answered. */
export async function rememberDone(
  action: Action,
  call: Call,
  asked: Asked<unknown>,
  result: unknown,
): Promise<void> {
  if (call.idempotencyKey === undefined || action.kind === "query") return;
  const { id = null, version = null } = (result ?? {}) as Partial<Remembered>;
  await sql`insert into public.idempotency as i (user_id, key, action, input_hash, result)
    values (${asked.actor.userId}, ${call.idempotencyKey}, ${action.name}, ${hashOf(action, asked.input)}, ${JSON.stringify({ id, version })})
    on conflict (user_id, key) do update set action = excluded.action, input_hash = excluded.input_hash,
      result = excluded.result, at = now()
    where i.at <= now() - interval '1 day'`.execute(asked.db);
}

/** The row of the log about a repeat: what it is about, as far as that is remembered. */
export function repeatedEntry({ name }: Action, { id }: Remembered): AuditEntry {
  const [module = ""] = name.split(".");
  return typeof id === "string"
    ? { module, recordId: id }
    : { module, ...(id !== null && { detail: { id } }) };
}

/** Of a secret not even a hash is kept: it could be guessed at. */
const hashOf = ({ name, secret }: Action<unknown>, input: unknown) =>
  createHash("sha256")
    .update(secret === true ? name : JSON.stringify(input))
    .digest();
