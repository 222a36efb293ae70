import { createHash } from "node:crypto";
import { sql } from "kysely";
import type { Action } from "./action.ts";
import type { Actor } from "./actor.ts";
import type { Call } from "./call.ts";
import { Refusal } from "./refusal.ts";
import type { Db } from "./transaction.ts";

type Asked<Input> = { db: Db; actor: Actor; input: Input };

/** The first result of a command sent twice with the same key; the row lock makes the second wait for the first. */
export async function repeatedResult<Output>(
  action: Action<unknown, Output>,
  call: Call,
  asked: Asked<unknown>,
): Promise<Output | undefined> {
  const key = call.idempotencyKey;
  if (key === undefined || action.kind === "query") return undefined;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${asked.actor.userId}:${key}`}, 0))`.execute(
    asked.db,
  );
  const { rows } = await sql<{ action: string; input_hash: Buffer; result: Output }>`
    select action, input_hash, result from public.idempotency where user_id = ${asked.actor.userId} and key = ${key}`.execute(
    asked.db,
  );
  const [first] = rows;
  if (first === undefined) return undefined;
  if (first.action !== action.name || !first.input_hash.equals(hashOf(asked.input)))
    throw new Refusal("duplicate", { field: "Idempotency-Key" });
  return first.result;
}

export async function rememberResult(
  action: Action,
  call: Call,
  asked: Asked<unknown>,
  result: unknown,
): Promise<void> {
  if (call.idempotencyKey === undefined || action.kind === "query") return;
  await sql`insert into public.idempotency (user_id, key, action, input_hash, result)
    values (${asked.actor.userId}, ${call.idempotencyKey}, ${action.name}, ${hashOf(asked.input)}, ${JSON.stringify(result)})`.execute(
    asked.db,
  );
}

const hashOf = (input: unknown) => createHash("sha256").update(JSON.stringify(input)).digest();
