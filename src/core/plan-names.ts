import { createHash } from "node:crypto";
import type { PoolClient } from "pg";

/** Plans one connection keeps, about 50 kB each on the server; with more it is closed and another opened. */
const plansMax = 250;
/** Texts remembered with their names in this process. */
const textsMax = 2000;

const names = new Map<string, string>();
const kept = new WeakMap<object, Set<string>>();

/** The name under which the connection keeps the plan of this statement. */
export function planName(client: PoolClient, text: string): string {
  const name = names.get(text) ?? named(text);
  const plans = kept.get(client) ?? new Set();
  kept.set(client, plans.add(name));
  return name;
}

export const keepsTooManyPlans = (client: PoolClient): boolean => (kept.get(client)?.size ?? 0) > plansMax;

function named(text: string): string {
  const name = createHash("sha256").update(text).digest("base64url");
  if (names.size >= textsMax) names.clear();
  names.set(text, name);
  return name;
}
