import { setTimeout as delay } from "node:timers/promises";
import { percentile, rounded, type Results } from "../results.ts";
import { administrator } from "./asking.ts";
import type { BackedUp } from "./backed-up.ts";
import { connectionCounts } from "./sizes.store.ts";
import { tenantKey } from "./tenants-folder.ts";

/** What a browser asks of the first page, all at once. */
const paths = ["/api/session", "/api/organisations?limit=50", "/api/opportunities?limit=50"];
/** People who ask at the same moment. */
const atOnce = 25;
const lookMilliseconds = 50;

/**
 * People of many tenants sign in and read, again and again until the time is up; then nobody asks until the last
 * tenant's connection is closed. Answers how many connections there were at most.
 */
export async function visitWithinAMinute(
  backedUp: BackedUp,
  visits: { password: string; from: number; busy: number; busySeconds: number },
): Promise<Results> {
  const { host } = backedUp;
  const most = { all: 0, tenants: 0 };
  const ended = new AbortController();
  const watching = (async () => {
    while (!ended.signal.aborted) {
      const now = await connectionCounts(backedUp);
      most.all = Math.max(most.all, now.all);
      most.tenants = Math.max(most.tenants, now.tenants);
      await delay(lookMilliseconds);
    }
  })();
  const waiting = Array.from({ length: visits.busy }, (_, index) => tenantKey(visits.from + index));
  const cookies = new Map<string, string>();
  const times: number[] = [];
  let failed = 0;
  const visit = async (key: string): Promise<void> => {
    const cookie = cookies.get(key) ?? (await host.signIn(key, administrator, visits.password));
    cookies.set(key, cookie);
    const ask = async (path: string) => {
      const from = performance.now();
      const { status } = await host.ask(key, "GET", path, { cookie });
      times.push(performance.now() - from);
      if (status !== 200) failed++;
    };
    await Promise.all(paths.map(ask));
  };
  const until = performance.now() + visits.busySeconds * 1000;
  let turn = 0;
  const person = async () => {
    while (turn < waiting.length || performance.now() < until)
      await visit(waiting[turn++ % waiting.length]!).catch(() => failed++);
  };
  await Promise.all(Array.from({ length: atOnce }, person));
  ended.abort();
  await watching;
  while ((await connectionCounts(backedUp)).tenants > 0) await delay(500);
  return {
    "recovery.many.visitedTenants": cookies.size,
    "recovery.many.visitsAsked": times.length,
    "recovery.many.visitsFailed": failed,
    "recovery.many.visitP95Ms": rounded(percentile(times, 95)),
    "recovery.many.mostConnections": most.all,
    "recovery.many.mostTenantConnections": most.tenants,
  };
}
