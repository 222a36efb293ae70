import { expect, test, vi } from "vitest";
import { Shares, type Measure, type Whose } from "./shares.ts";

const nobodyOf = (tenant: string, network = "192.0.2.1"): Whose => ({ tenant, network });
const userOf = (tenant: string, user: number): Whose => ({ tenant, user, network: "192.0.2.1" });
const all = (number: number): Measure => ({ all: number, tenant: number, nobody: number, one: number });

test("whoever waits has his turn among tenants first, however many wait at another", async () => {
  const shares = new Shares({ places: all(1), waiting: all(100) });
  const { served, ask, end } = serving(shares);
  for (let n = 0; n < 5; n++) ask("flood", nobodyOf("attacked", `192.0.2.${n}`));
  ask("quiet", nobodyOf("quiet"));
  await end();
  expect(served).toEqual(["flood", "quiet", "flood", "flood", "flood", "flood"]);
});

test("within a tenant the signed-in and the others take turns, and so do networks", async () => {
  const shares = new Shares({ places: all(1), waiting: all(100) });
  const { served, ask, end } = serving(shares);
  for (let n = 0; n < 4; n++) ask("flood", nobodyOf("one"));
  ask("stranger", nobodyOf("one", "198.51.100.7"));
  ask("user", userOf("one", 7));
  await end();
  expect(served).toEqual(["flood", "user", "stranger", "flood", "flood", "flood"]);
});

test("nobody takes more than his share while there are places for others", async () => {
  const shares = new Shares({ places: { all: 10, tenant: 6, nobody: 4, one: 3 } });
  const taken = (whose: Whose) => {
    let count = 0;
    while (shares.takeNow(whose) !== undefined) count += 1;
    return count;
  };
  expect(taken(nobodyOf("one"))).toBe(3);
  expect(taken(nobodyOf("one", "198.51.100.7"))).toBe(1);
  expect(taken(userOf("one", 1))).toBe(2);
  expect(taken(userOf("one", 2))).toBe(0);
  expect(taken(userOf("other", 1))).toBe(3);
  expect(taken(userOf("third", 1))).toBe(1);
  // Colleagues behind one address have a share each.
  const roomy = new Shares({ places: { all: 10, tenant: 10, nobody: 0, one: 2 } });
  for (const user of [1, 2])
    for (const had of [true, true, false]) expect(roomy.takeNow(userOf("one", user)) !== undefined).toBe(had);
});

test("whoever finds too many waiting is refused and told when to come again", async () => {
  let now = 0;
  const shares = new Shares({ places: all(1), waiting: all(3), now: () => now });
  for (let n = 0; n < 100; n++) {
    const release = await shares.take(nobodyOf("one"));
    now += 2_000;
    release();
  }
  const release = await shares.take(nobodyOf("one"));
  const waiting = Array.from({ length: 3 }, () => shares.take(nobodyOf("one")));
  // One place, held for two seconds each time: one is in and three wait.
  await expect(shares.take(nobodyOf("one"))).rejects.toMatchObject({
    code: "too_many",
    details: { retryAfterSeconds: 8 },
  });
  release();
  for (const each of waiting) (await each)();
});

test("who waits too long is refused, and who goes away gives his turn up", async () => {
  const shares = new Shares({ places: all(1), waiting: all(3), waitSecondsMax: 0.01 });
  const release = await shares.take(nobodyOf("one"));
  const gone = new AbortController();
  const [late, left] = [shares.take(nobodyOf("two")), shares.take(nobodyOf("three"), gone.signal)];
  gone.abort(new Error("gone"));
  await expect(left).rejects.toThrow("gone");
  await expect(late).rejects.toMatchObject({ code: "too_many" });
  expect(shares.counts).toMatchObject({ taken: 1, waiting: 0 });
  release();
  expect(shares.counts).toEqual({ taken: 0, waiting: 0, remembered: 0 });
});

test("who had his turn does not give it up when the time to wait is over", async () => {
  vi.useFakeTimers();
  const shares = new Shares({ places: all(1), waiting: all(3) });
  const release = await shares.take(nobodyOf("one"));
  const waiting = shares.take(nobodyOf("one"));
  release();
  const served = await waiting;
  vi.advanceTimersByTime(60_000);
  vi.useRealTimers();
  expect(shares.counts).toMatchObject({ taken: 1, waiting: 0 });
  served();
  expect(shares.counts).toEqual({ taken: 0, waiting: 0, remembered: 0 });
});

test("who has gone before it is his turn to wait does not wait", async () => {
  const shares = new Shares({ places: all(1), waiting: all(3) });
  const release = await shares.take(nobodyOf("one"));
  await expect(shares.take(nobodyOf("one"), AbortSignal.abort(new Error("gone")))).rejects.toThrow("gone");
  expect(shares.counts).toMatchObject({ taken: 1, waiting: 0 });
  release();
});

test("nothing is remembered of who has gone, and a place is given back once", async () => {
  const shares = new Shares({ places: all(2), waiting: all(2) });
  for (let n = 0; n < 1_000; n++) {
    const release = await shares.take(nobodyOf(`tenant ${n}`, `192.0.2.${n % 256}`));
    release();
    release();
  }
  const releases = await Promise.all([shares.take(nobodyOf("one")), shares.take(userOf("one", 1))]);
  const waiting = [shares.take(userOf("one", 1)), shares.take(userOf("two", 1))];
  await Promise.allSettled(Array.from({ length: 100 }, (_, n) => shares.take(userOf("three", n))));
  for (let n = 0; n < 100; n++) expect(shares.takeNow(userOf("four", n))).toBeUndefined();
  expect(shares.counts).toEqual({ taken: 2, waiting: 2, remembered: 8 });
  for (const release of releases) release();
  for (const each of waiting) (await each)();
  expect(shares.counts).toEqual({ taken: 0, waiting: 0, remembered: 0 });
});

/** Asks for places that are given back at once when they are had, and notes who had them in which order. */
function serving(shares: Shares) {
  const served: string[] = [];
  const asked: Promise<void>[] = [];
  const first = shares.take(nobodyOf("somebody else", "203.0.113.1"));
  const use = async (name: string, whose: Whose) => {
    const release = await shares.take(whose);
    served.push(name);
    release();
  };
  return {
    served,
    ask: (name: string, whose: Whose) => void asked.push(use(name, whose)),
    end: async () => {
      (await first)();
      await Promise.all(asked);
    },
  };
}
