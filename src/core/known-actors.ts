import type { Pool } from "pg";
import type { Actor } from "./actor.ts";

/** An actor as the database told him: its own words, and what they mean. */
export type Told = { readonly text: string | null; readonly actor: Actor | undefined };

/** Sessions remembered per tenant; the oldest goes first. An actor is some kilobytes. */
const sessionsMax = 500;

const known = new WeakMap<Pool, Map<string, Told>>();

/** What the database said of this session last time: a guess, to be used only when it says the same again. */
export const lastTold = (pool: Pool, token: string): Told | undefined => known.get(pool)?.get(token);

export function remember(pool: Pool, token: string, told: Told): void {
  const sessions = known.get(pool) ?? new Map<string, Told>();
  known.set(pool, sessions);
  sessions.delete(token);
  if (told.actor !== undefined) sessions.set(token, told);
  const [oldest] = sessions.keys();
  if (sessions.size > sessionsMax && oldest !== undefined) sessions.delete(oldest);
}
