import { Pool, type PoolClient } from "pg";
import { afterEach, expect, inject, test } from "vitest";
import { ConnectionCap } from "./connection-cap.ts";
import { TenantPool } from "./tenant-pool.ts";

const pools: Pool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});

test("all pools together stay below the limit, and every query is answered", async () => {
  const cap = aCap(3, 30_000);
  const tenants = Array.from({ length: 6 }, () => aPool(cap, 2));
  let most = 0;
  const queries = Array.from({ length: 120 }, async (_, index) => {
    const { rows } = await (tenants[index % 6] as Pool).query("SELECT $1::int AS number", [index]);
    most = Math.max(most, open(tenants));
    return rows[0].number as number;
  });
  expect(await Promise.all(queries)).toEqual(Array.from({ length: 120 }, (_, index) => index));
  expect(most).toBeLessThanOrEqual(3);
});

test("whoever waits longest is next: a busy tenant cannot keep a quiet one out", async () => {
  const cap = aCap(1, 5_000);
  const [busy, quiet] = [aPool(cap, 4), aPool(cap, 4)];
  const served: string[] = [];
  const first = await busy.connect();
  const serve = async (pool: Pool, name: string) => {
    const client = await pool.connect();
    served.push(name);
    client.release();
  };
  const all = [serve(busy, "busy"), serve(quiet, "quiet"), serve(busy, "busy again")];
  first.release();
  await Promise.all(all);
  expect(served).toEqual(["busy", "quiet", "busy again"]);
});

test("one tenant takes no more than its share", async () => {
  const cap = aCap(10, 5_000);
  const pool = aPool(cap, 2);
  const clients = [await pool.connect(), await pool.connect()];
  let third: PoolClient | undefined;
  const waiting = pool.connect().then((client) => (third = client));
  await aPool(cap, 2).query("SELECT 1");
  expect(third).toBeUndefined();
  clients.forEach((client) => client.release());
  (await waiting).release();
});

test("a busy tenant's queue is no queue for another", async () => {
  const cap = aCap(2, 5_000, 2);
  const [busy, quiet] = [aPool(cap, 2), aPool(cap, 2)];
  const first = [await busy.connectFor(1), await busy.connectFor(2)];
  const quietServed = Promise.withResolvers<void>();
  // Whoever of the flood has a turn keeps it until the quiet one has had his.
  const flood = Array.from({ length: 100 }, async () => {
    const client = await busy.connectFor(1);
    await quietServed.promise;
    client.release();
  });
  const others = quiet.connectFor(1).then((client) => {
    quietServed.resolve();
    return client.release();
  });
  first.forEach((client) => client.release());
  expect(await Promise.all([others, ...flood])).toHaveLength(101);
});

test("one user leaves a connection to the others of his tenant", async () => {
  const pool = aPool(aCap(10, 5_000, 3), 3);
  const held = [await pool.connectFor(7), await pool.connectFor(7)];
  let third: PoolClient | undefined;
  const waiting = pool.connectFor(7).then((client) => (third = client));
  (await pool.connectFor(8)).release();
  (await pool.connectFor(undefined)).release();
  await pool.query("SELECT 1");
  expect(third).toBeUndefined();
  held.forEach((client) => client.release());
  (await waiting).release();
});

test("waiting too long ends in a clear error, and the place in the queue is given up", async () => {
  const cap = aCap(1, 50);
  const [first, second] = [aPool(cap, 1), aPool(cap, 1)];
  const held = await first.connect();
  await expect(second.query("SELECT 1")).rejects.toMatchObject({ code: "DATABASE_BUSY" });
  held.release();
  expect((await second.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});

test("a connection that breaks while idle, or in use, frees its place", async () => {
  const cap = aCap(1, 2_000);
  const [first, second] = [aPool(cap, 1), aPool(cap, 1)];
  for (const inUse of [false, true]) {
    const client = await first.connect();
    client.on("error", () => undefined);
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    if (!inUse) client.release();
    await aPool(aCap(1, 2_000), 1).query("SELECT pg_terminate_backend($1)", [rows[0].pid]);
    if (inUse) client.release(true);
    expect((await second.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  }
});

const aCap = (allMax: number, waitMilliseconds: number, perTenantMax = 10) =>
  new ConnectionCap({ allMax, perTenantMax, waitMilliseconds });

function aPool(cap: ConnectionCap, max: number): TenantPool {
  const pool = new TenantPool(cap, `tenant ${pools.length}`, { ...inject("testServer").connection, max });
  pools.push(pool);
  return pool;
}

function open(tenants: Pool[]): number {
  return tenants.reduce((sum, pool) => sum + pool.totalCount, 0);
}
