import { cp, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { openTenancy, type Tenancy } from "#platform/tenancy/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { aFolderOfMigrations } from "#testing/migrations.ts";
import { note } from "#testing/noted.ts";
import { readCatalog } from "../backup/catalog.ts";
import { checkBackups } from "../backup/daily.ts";
import { writeManifest } from "../backup/manifest.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { drillTenant, nextToDrill } from "./drill.ts";
import { restoreTenant } from "./restore-tenant.ts";

const log = openLog({ level: "silent" });
let host: BackedUpHost;
/** The program after an update: with one more migration, which takes its time. */
let updated: Tenancy;
let during: Date;
let migrated: Awaited<ReturnType<Tenancy["migrateAll"]>>;

beforeAll(async () => {
  host = await openBackedUpHost();
  const tenant = await addTenant(host, "maven");
  await makeBaseBackup(host.backups, host.server.connection, new Date());
  const known = resolve(import.meta.dirname, "../../../migrations/tenant");
  const number = String((await readdir(known)).length + 1).padStart(4, "0");
  const folder = await aFolderOfMigrations({
    [`${number}-slow.sql`]: "create table public.later (id integer); select pg_sleep(1);",
  });
  await cp(known, folder, { recursive: true });
  updated = await openTenancy({
    server: host.server,
    dataDirectory: host.directory,
    domain: "localhost",
    log,
    migrations: { tenant: folder },
  });
  await add("before the update");
  const migrating = updated.migrateAll();
  await isMigrating(tenant.databaseName);
  during = new Date();
  migrated = await migrating;
  await add("after the update");
}, 120_000);
afterAll(async () => {
  await updated.close();
  await host.close();
});

const add = (name: string) => note(updated, "maven", name);

/** Returns in the middle of the slow migration. */
async function isMigrating(database: string): Promise<void> {
  for (;;) {
    const { rows } = await host.tenancy.registry.query(
      "SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'",
      [database],
    );
    if (rows.length > 0) return;
    await delay(10);
  }
}

const recoveryOf = (tenancy: Tenancy) => ({
  backups: host.backups,
  tenancy,
  connection: host.server.connection,
  log,
  requestedBy: "test",
});

test("a moment in the middle of a migration has the tenant as it was before it, brought up to the version of today", async () => {
  expect(migrated.failed).toEqual([]);
  await restoreTenant(recoveryOf(updated), { key: "maven", target: during }, new Date());
  const tenant = await updated.show("maven");
  const { rows } = await updated.asOwner(tenant, (owner) =>
    owner.query(`SELECT name, to_regclass('public.later') IS NOT NULL AS migrated
      FROM access.territory WHERE id > 0 ORDER BY id`),
  );
  expect(rows).toEqual([{ name: "before the update", migrated: true }]);
}, 60_000);

test("a backup of a newer version is refused in words, and nothing is switched", async () => {
  const before = await host.tenancy.show("maven");
  await expect(
    restoreTenant(recoveryOf(host.tenancy), { key: "maven", target: new Date() }, new Date()),
  ).rejects.toThrow("made by a newer Strongroom");
  expect(await host.tenancy.show("maven")).toEqual(before);
}, 60_000);

test("a base backup in a newer format is named by the daily check, and never restored from", async () => {
  const { location, keyring } = host.backups;
  const { bases } = await readCatalog(location, keyring);
  const label = "2099-01-01T00-00-00Z";
  await writeManifest(location, keyring, { ...bases.at(-1)!, label, format: 2 as 1 });
  const newer = `The backup ${label} was made by a newer Strongroom. Install that one.`;
  await expect(checkBackups(host.backups, new Date())).rejects.toThrow(newer);
  const catalog = await readCatalog(location, keyring);
  expect(catalog.bases.map((each) => each.label)).not.toContain(label);
  expect(catalog.broken).toEqual([{ label, reason: newer }]);
  await location.remove(`base/${label}`);
});

test("a tenant that was just made is drilled once a moment of it can be restored, and is no alarm before", async () => {
  const recovery = recoveryOf(updated);
  await drillTenant(recovery, { key: "maven" }, () => 0.5, new Date());
  await updated.createTenant({ key: "newest", name: "Newest" });
  expect((await nextToDrill(recovery))?.key).toBe("maven");
  await host.backups.archiveAll(host.server.connection);
  expect(await nextToDrill(recovery)).toEqual({ key: "newest", last: undefined });
}, 60_000);
