import type { Pool } from "pg";
import type { Actor } from "./actor.ts";

/** An actor as the database told him: its own words, and what they mean. */
export type Told = { readonly text: string | null; readonly actor: Actor | undefined };

/** Sessions remembered of one tenant, and of all; the oldest goes first. An actor is some kilobytes. */
const ofOneTenantMax = 500;
const sessionsMax = 4_000;

type Kept = Told & { readonly token: string; readonly among: Map<string, Kept> };

const known = new WeakMap<Pool, Map<string, Kept>>();
const all = new Set<Kept>();

/** What the database said of this session last time: a guess, to be used only when it says the same again. */
export const lastTold = (pool: Pool, token: string): Told | undefined => known.get(pool)?.get(token);

/**
 * Whose session this was when it was last used: enough to say whose share a request takes, and no more. A session
 * that nobody has used lately is nobody's.
 */
export const lastUser = (pool: Pool, token: string | undefined): Pick<Actor, "userId"> | undefined =>
  token === undefined ? undefined : lastTold(pool, token)?.actor;

export function remember(pool: Pool, token: string, told: Told): void {
  const among = known.get(pool) ?? new Map<string, Kept>();
  known.set(pool, among);
  forget(among.get(token));
  if (told.actor === undefined) return;
  const kept = { ...told, token, among };
  among.set(token, kept);
  all.add(kept);
  if (among.size > ofOneTenantMax) forget(among.values().next().value);
  if (all.size > sessionsMax) forget(all.values().next().value);
}

function forget(kept: Kept | undefined): void {
  if (kept === undefined) return;
  kept.among.delete(kept.token);
  all.delete(kept);
}
