import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as pass } from "node:timers/promises";
import { expect, test } from "vitest";
import { aFolderOfMigrations } from "#testing/migrations.ts";
import { openTestTenancy, type TestTenancy } from "#testing/postgres.ts";

test("a program killed while it makes tenants leaves each of them whole or not at all", async () => {
  const migrations = {
    tenant: await aFolderOfMigrations({ "0001-note.sql": "CREATE TABLE note (text text)" }),
  };
  await using first = await openTestTenancy({ migrations });
  // A creation takes about 200 ms, so these moments fall into different steps of it; chance may miss them all.
  const moments = [15, 60, 110, 160, 230];
  let cutOff: Names[] = [];
  for (let tries = 0; tries < moments.length || (cutOff.length === 0 && tries < 40); tries++) {
    await makeTenantsAndDie(first, moments[tries % moments.length]! + tries);
    cutOff = await unfinished(first);
  }
  expect(cutOff.length).toBeGreaterThan(0);

  await using again = await openTestTenancy(first.options);
  expect(await unfinished(again)).toEqual([]);
  for (const tenant of cutOff) expect(await remains(again, tenant)).toEqual([]);
  for (const tenant of await again.list()) {
    const { rows } = await again.pool(tenant).query("SELECT current_user AS role");
    expect(rows).toEqual([{ role: tenant.roleName }]);
  }
});

test("a tenant still being made is not cleared away by a program that starts meanwhile", async () => {
  await using tenancy = await openTestTenancy({ migrations: { tenant: await aFolderOfMigrations({}) } });
  const prepared = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const creation = tenancy.createTenant({ key: "slow", name: "Slow" }, () => {
    prepared.resolve();
    return goOn.promise;
  });
  await prepared.promise;
  expect(await tenancy.list()).toEqual([]);
  await using other = await openTestTenancy(tenancy.options);
  goOn.resolve();
  const tenant = await creation;
  expect(await remains(other, tenant)).toEqual([tenant.databaseName, tenant.roleName]);
});

async function makeTenantsAndDie(tenancy: TestTenancy, afterMilliseconds: number): Promise<void> {
  const maker = spawn(process.execPath, [join(import.meta.dirname, "../../testing/make-tenants.ts")], {
    env: { ...process.env, TENANCY: JSON.stringify(tenancy.options) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(maker.stdout, "data");
  await pass(afterMilliseconds);
  maker.kill("SIGKILL");
  await once(maker, "exit");
}

type Names = { databaseName: string; roleName: string };

async function unfinished(tenancy: TestTenancy): Promise<Names[]> {
  const { rows } = await tenancy.registry.query<Names>(
    `SELECT database_name AS "databaseName", role_name AS "roleName" FROM tenants WHERE state = 'creating'`,
  );
  return rows;
}

async function remains(tenancy: TestTenancy, { databaseName, roleName }: Names): Promise<string[]> {
  const { rows } = await tenancy.registry.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname = $1
     UNION ALL SELECT rolname FROM pg_roles WHERE rolname = $2`,
    [databaseName, roleName],
  );
  return rows.map(({ name }) => name);
}
