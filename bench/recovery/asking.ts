import { setTimeout as delay } from "node:timers/promises";
import type { RunningHost } from "#testing/running-host.ts";
import { benchUsers } from "../operations.ts";
import { percentile, rounded, type Results } from "../results.ts";
import { tenantKey } from "./tenants-folder.ts";

/** Requests a second, at a fixed pace, so that a slow answer does not make fewer. */
const askedPerSecond = 40;

export const administrator = benchUsers.find(({ key }) => key === "administrator")?.name ?? "";

/** Milliseconds of all, and of the writes among them. */
export type Asked = { times: number[]; writes: number[]; failed: number };

/** Lists and writes of people at two tenants. */
export async function openAsking(host: RunningHost, password: string, tenants: readonly number[]) {
  const people = await Promise.all(
    tenants.map(async (number) => {
      const key = tenantKey(number);
      return { key, cookie: await host.signIn(key, administrator, password) };
    }),
  );
  const askOnce = async (turn: number, asked: Asked) => {
    const { key, cookie } = people[turn % people.length]!;
    const from = performance.now();
    const isWrite = turn % 10 === 0;
    const answer = isWrite
      ? host.ask(key, "POST", "/api/organisations", { body: { name: `Asked ${turn}` }, cookie })
      : host.ask(key, "GET", "/api/organisations?limit=50", { cookie });
    const { status } = await answer.catch(() => ({ status: 0 }));
    const taken = performance.now() - from;
    asked.times.push(taken);
    if (isWrite) asked.writes.push(taken);
    if (status !== 200 && status !== 201) asked.failed++;
  };
  return {
    async during(work: Promise<unknown>): Promise<Asked> {
      const asked: Asked = { times: [], writes: [], failed: 0 };
      const open = new Set<Promise<void>>();
      const ended = new AbortController();
      void work.finally(() => ended.abort()).catch(() => undefined);
      const from = performance.now();
      for (let turn = 0; !ended.signal.aborted; turn++) {
        const one = askOnce(turn, asked).finally(() => open.delete(one));
        open.add(one);
        await delay(Math.max(1, from + ((turn + 1) * 1000) / askedPerSecond - performance.now()));
      }
      await Promise.all(open);
      return asked;
    },
  };
}

/** Their p95 before and during, side by side. */
export function compareAsked(part: string, before: Asked, during: Asked): Results {
  const p95 = (times: number[]) => percentile(times, 95);
  return {
    [`${part}Asked`]: during.times.length,
    [`${part}Failed`]: before.failed + during.failed,
    [`${part}P95BeforeMs`]: rounded(p95(before.times)),
    [`${part}P95DuringMs`]: rounded(p95(during.times)),
    [`${part}P95Ratio`]: rounded(p95(during.times) / p95(before.times)),
    [`${part}WritesP95BeforeMs`]: rounded(p95(before.writes)),
    [`${part}WritesP95DuringMs`]: rounded(p95(during.writes)),
    [`${part}P50BeforeMs`]: rounded(percentile(before.times, 50)),
    [`${part}P50DuringMs`]: rounded(percentile(during.times, 50)),
  };
}
