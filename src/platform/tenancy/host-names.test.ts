import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { rememberHosts } from "./host-names.ts";
import type { Tenant } from "./tenant.ts";

/** A registry that answers nothing before it is told to; what it was asked last it is told first. */
function aRegistry() {
  const asked: { host: string; answer: () => void }[] = [];
  const find = (host: string) =>
    new Promise<Tenant | undefined>((resolve) => {
      const tenant = host.startsWith("acme") ? ({ host } as Tenant) : undefined;
      asked.push({ host, answer: () => resolve(tenant) });
    });
  const answerAll = async () => {
    for (await nextTurn(); asked.length > 0; await nextTurn()) asked.pop()?.answer();
  };
  return { find, asked, answerAll };
}

test("ten thousand questions for names that are nobody's keep no tenant waiting for the registry", async () => {
  const registry = aRegistry();
  const tenantAt = rememberHosts(registry.find);
  const first = tenantAt("acme.localhost");
  await registry.answerAll();
  expect(await first).toMatchObject({ host: "acme.localhost" });

  const flood = Array.from({ length: 10_000 }, (_, n) => tenantAt(`nobody-${n}.localhost`));
  const settled = Promise.allSettled(flood);
  const again = tenantAt("acme.localhost");
  await nextTurn();
  expect(registry.asked.length).toBeLessThanOrEqual(3);
  expect(registry.asked.map(({ host }) => host)).toContain("acme.localhost");
  await registry.answerAll();
  expect(await again).toMatchObject({ host: "acme.localhost" });
  const refused = (await settled).filter((one) => one.status === "rejected");
  expect(refused.length).toBeGreaterThan(9_000);
  expect(refused[0]?.reason).toMatchObject({ code: "too_many" });
});

test("a tenant whose name nobody has asked for yet is found behind those who wait", async () => {
  const registry = aRegistry();
  const tenantAt = rememberHosts(registry.find);
  const flood = Array.from({ length: 100 }, (_, n) => tenantAt(`nobody-${n}.localhost`));
  const found = tenantAt("acme.localhost");
  await registry.answerAll();
  await Promise.all(flood);
  expect(await found).toMatchObject({ host: "acme.localhost" });
});
