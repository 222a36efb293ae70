import { expect, test } from "vitest";
import type { AuditRow } from "./audit.ts";
import { RefusalTally } from "./refusal-tally.ts";

const refusal = (ip: string, userId: number | null = null, second = 0): AuditRow => ({
  at: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
  userId,
  sessionId: null,
  requestId: "019f0000-0000-7000-8000-000000000000",
  ip,
  action: "organisation.list",
  outcome: "signed_out",
});

test("the first refusals have rows of their own, and the others are counted with their address and times", () => {
  const tally = new RefusalTally();
  const own = Array.from({ length: 5_000 }, (_, n) => tally.hasOwnRow(refusal("203.0.113.9", null, n % 60)));
  expect(own.filter(Boolean)).toHaveLength(30);
  expect(tally.take()).toEqual([
    {
      ...refusal("203.0.113.9", null, 30),
      detail: { count: 4_970, first: "2026-01-01T00:00:30.000Z", last: "2026-01-01T00:00:19.000Z" },
    },
  ]);
  expect(tally.hasOwnRow(refusal("203.0.113.9"))).toBe(true);
});

test("one user's flood leaves another's refusals their own rows", () => {
  const tally = new RefusalTally();
  for (let n = 0; n < 1_000; n++) tally.hasOwnRow(refusal("203.0.113.9", 7));
  expect(tally.hasOwnRow(refusal("203.0.113.9", 8))).toBe(true);
  expect(tally.hasOwnRow(refusal("203.0.113.9"))).toBe(true);
});

test("who was refused what, and why, is counted apart, whatever his session", () => {
  const tally = new RefusalTally();
  const asked = { ...refusal("203.0.113.9", 7), sessionId: "019f0000-0000-7000-8000-000000000007" };
  const kinds = [
    asked,
    { ...asked, userId: 8 },
    { ...asked, outcome: "forbidden" },
    { ...asked, action: "x" },
  ];
  for (const row of kinds) for (let n = 0; n < 40; n++) tally.hasOwnRow(row);
  expect(tally.take()).toMatchObject(
    kinds.map(({ userId, outcome, action }, at) => ({
      userId,
      outcome,
      action,
      sessionId: null,
      detail: { count: at < 2 ? 10 : 40 },
    })),
  );
});

test("every ten seconds a tenant's and everybody's first refusals have rows of their own again", () => {
  const tally = new RefusalTally();
  const rowsOf = (count: number, network: number) =>
    Array.from({ length: count }, () => tally.hasOwnRow(refusal(`203.0.113.${network}`))).filter(Boolean)
      .length;
  for (let round = 0; round < 2; round++) {
    for (let network = 0; network < 6; network++) expect(rowsOf(31, network)).toBe(30);
    expect([rowsOf(31, 6), rowsOf(31, 7)]).toEqual([20, 0]);
    tally.take();
    expect(tally.take()).toEqual([]);
  }
});

test("addresses of one customer's IPv6 network are counted together", () => {
  const tally = new RefusalTally();
  for (let n = 0; n < 1_000; n++) tally.hasOwnRow(refusal(`2001:db8:1:2::${n.toString(16)}`));
  expect(tally.take()).toMatchObject([{ ip: "2001:db8:1:2::/64", detail: { count: 970 } }]);
});

test("however many addresses ask, the rows are bounded and every refusal is in one of them", () => {
  const tally = new RefusalTally();
  let own = 0;
  const address = (n: number) => `${1 + (n % 200)}.${(n >> 8) % 256}.${n % 256}.${(n >> 3) % 256}`;
  for (let n = 0; n < 100_000; n++)
    own += tally.hasOwnRow(refusal(address(n), n % 3 === 0 ? n % 50 : null)) ? 1 : 0;
  const rows = tally.take();
  expect(own).toBe(200);
  expect(rows.length).toBeLessThan(2_100);
  const counted = rows.reduce((sum, { detail }) => sum + (detail as { count: number }).count, 0);
  expect(own + counted).toBe(100_000);
});
