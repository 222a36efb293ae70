import { afterAll, beforeAll, expect, test } from "vitest";
import { aFolderOfMigrations } from "#testing/migrations.ts";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";

let tenancy: TestTenancy;

beforeAll(async () => {
  const migrations = await aFolderOfMigrations({
    "0001-note.sql":
      "CREATE TABLE public.note (text text); GRANT SELECT, INSERT ON public.note TO strongroom_runtime;",
  });
  tenancy = await openTestTenancy({ migrations: { tenant: migrations } });
});
afterAll(() => tenancy.close());

test("a tenant's role enters its own database and no other", async () => {
  const tenants = await Promise.all([tenancy.aTenant(), tenancy.aTenant(), tenancy.aTenant()]);
  const { rows } = await tenancy.registry.query<{ name: string }>("SELECT datname AS name FROM pg_database");
  const others = rows
    .map(({ name }) => name)
    .filter((name) => name.startsWith("strongroom_") || !name.startsWith("t"));
  expect(others).toEqual(expect.arrayContaining(["postgres"]));
  expect(others.some((name) => name.startsWith("strongroom_template_"))).toBe(true);

  for (const tenant of tenants) {
    const databases = [...tenants.map(({ databaseName }) => databaseName), ...others, "template1"];
    for (const database of databases) {
      const outcome = await tenancy.connectAs(tenant, database).then(
        async (client) => (await client.end(), "entered"),
        () => "refused",
      );
      expect(`${database} ${outcome}`).toBe(
        `${database} ${database === tenant.databaseName ? "entered" : "refused"}`,
      );
    }
  }
});

test("a tenant's role owns nothing, bypasses nothing and makes nothing", async () => {
  const tenant = await tenancy.aTenant();
  const { rows } = await tenancy.registry.query(
    `SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, rolinherit,
       (SELECT array_agg(g.rolname::text) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS groups
     FROM pg_roles r WHERE rolname = $1`,
    [tenant.roleName],
  );
  expect(rows[0]).toEqual({
    rolsuper: false,
    rolbypassrls: false,
    rolcreatedb: false,
    rolcreaterole: false,
    rolreplication: false,
    rolinherit: true,
    groups: ["strongroom_runtime"],
  });
  const pool = tenancy.pool(tenant);
  await expect(pool.query("SET ROLE strongroom_owner")).rejects.toThrow("permission denied");
  await expect(pool.query("CREATE TABLE public.mine ()")).rejects.toThrow("permission denied");
  await expect(pool.query("CREATE TEMPORARY TABLE mine ()")).rejects.toThrow("permission denied");
  const owners = await pool.query(
    "SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relname = 'note'",
  );
  expect(owners.rows).toEqual([{ owner: "strongroom_owner" }]);
});

test("neither database nor role carries a trace of the tenant", async () => {
  const tenant = await tenancy.aTenant({ key: "brunost-og-sild", name: "Brunost og Sild" });
  expect(tenant.databaseName).toMatch(/^t[a-z2-7]{26}$/);
  expect(tenant.roleName).toMatch(/^r[a-z2-7]{26}$/);
  const { rows } = await tenancy.registry.query(
    "SELECT pg_dump.* FROM (SELECT to_json(d)::text AS text FROM pg_database d UNION ALL SELECT to_json(r)::text FROM pg_roles r) pg_dump",
  );
  expect(rows.filter(({ text }) => /brunost|sild/i.test(text))).toEqual([]);
});

test("the registry does not hold a password that can be read", async () => {
  const tenant = await tenancy.aTenant();
  const { rows } = await tenancy.registry.query("SELECT sealed_password FROM tenants WHERE id = $1", [
    tenant.id,
  ]);
  expect(rows[0].sealed_password).toMatch(/^v1\.[\w-]{60,}$/);
});

test("a key is refused when it is malformed or taken, and a failed creation leaves it free", async () => {
  for (const key of ["", "Maven", "-a", "a--b", "a_b", "a".repeat(41), "1a", "a.b", "ä"]) {
    await expect(tenancy.createTenant({ key, name: "X" })).rejects.toMatchObject({ code: "bad_key" });
  }
  await expect(tenancy.createTenant({ key: "a", name: " x" })).rejects.toMatchObject({ code: "bad_name" });

  await expect(tenancy.createTenant({ key: "tried-twice", name: "X" }, failing)).rejects.toThrow(
    "no administrator",
  );
  await tenancy.createTenant({ key: "tried-twice", name: "X" });
  await expect(tenancy.createTenant({ key: "tried-twice", name: "X" })).rejects.toMatchObject({
    code: "taken",
  });
});

test("a tenant is found by its exact host name only", async () => {
  const { id } = await tenancy.aTenant({ key: "exact" });
  const found = async (host: string) => (await tenancy.tenantByHost(host))?.id;
  expect(await found("exact.localhost")).toBe(id);
  expect(await found("EXACT.localhost:3000")).toBe(id);
  const others = [
    "localhost",
    "exact",
    "www.exact.localhost",
    "exact.localhost.",
    "exact.localhost.evil.dk",
    "exact%2elocalhost",
    "",
  ];
  expect(await Promise.all(others.map(found))).toEqual(others.map(() => undefined));
});

test("a suspended tenant is shut out at once, and is back when resumed", async () => {
  const tenant = await tenancy.aTenant({ key: "paused" });
  const open = await tenancy.connectAs(tenant, tenant.databaseName);
  expect(await tenancy.suspend("paused")).toMatchObject({ state: "suspended" });
  await expect(open.query("SELECT 1")).rejects.toThrow(/terminat|closed|not queryable/i);
  await expect(tenancy.pool(tenant).query("SELECT 1")).rejects.toThrow("not permitted to log in");
  expect(await tenancy.resume("paused")).toMatchObject({ state: "active" });
  await tenancy.pool(tenant).query("SELECT 1");
  await expect(tenancy.suspend("nobody")).rejects.toMatchObject({ code: "unknown_tenant" });
});

async function failing(): Promise<never> {
  throw new Error("no administrator");
}
