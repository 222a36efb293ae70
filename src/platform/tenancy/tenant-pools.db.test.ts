import { expect, inject, test } from "vitest";
import { limitsFrom, openTenantPools } from "./tenant-pools.ts";
import type { Tenant } from "./tenant.ts";

test("a hundred tenants that ask at the same moment are all answered, over no more than forty connections", async () => {
  const { connection } = inject("testServer");
  const pools = openTenantPools(connection, limitsFrom({}), async () => connection.password);
  const all = Array.from({ length: 100 }, (_, number) => pools.of(aTenant(number)));
  const open = () => all.reduce((sum, pool) => sum + pool.totalCount, 0);
  let most = 0;
  const questions = all.map(async (pool, number) => {
    const { rows } = await pool.query("SELECT $1::int AS number", [number]);
    most = Math.max(most, open());
    return rows[0].number as number;
  });
  try {
    expect(await Promise.all(questions)).toEqual(all.map((_, number) => number));
    expect(most).toBeGreaterThan(30);
    expect(most).toBeLessThanOrEqual(40);
  } finally {
    await pools.closeAll();
  }

  function aTenant(number: number): Tenant {
    return {
      id: `tenant ${number}`,
      key: `tenant-${number}`,
      name: "A tenant",
      host: `tenant-${number}.localhost`,
      databaseName: connection.database,
      roleName: connection.user,
      state: "active",
      schemaVersion: 0,
      createdAt: new Date(0).toISOString(),
    };
  }
});
