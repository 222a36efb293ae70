import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { withClient } from "#platform/postgres/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { drillTenant, nextToDrill } from "./drill.ts";
import { restoreBack } from "./restore-back.ts";
import { restoreTenant } from "./restore-tenant.ts";
import { listRestores } from "./restores.store.ts";
import type { Recovery } from "./scratch-tenant.ts";

let host: BackedUpHost;
let recovery: Recovery;

beforeAll(async () => {
  host = await openBackedUpHost();
  await aTenant("maven");
  await makeBaseBackup(host.backups, host.server.connection, new Date());
  const { backups, tenancy, server } = host;
  const log = openLog({ level: "silent" });
  recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
}, 120_000);
afterAll(() => host.close());

const aTenant = (key: string) => addTenant(host, key);

const organisations = async (key: string): Promise<string[]> => {
  const tenant = await host.tenancy.show(key);
  return host.tenancy.asOwner(tenant, async (owner) => {
    const { rows } = await owner.query("SELECT name FROM public.organisation ORDER BY name");
    return rows.map(({ name }) => name);
  });
};

/** Adds an organisation and gives a moment after its commit and before anything else. */
async function addOrganisation(key: string, name: string): Promise<Date> {
  const tenant = await host.tenancy.show(key);
  await host.tenancy.asOwner(tenant, (owner) =>
    owner.query(
      "INSERT INTO public.organisation (id, name, responsible_id) SELECT gen_random_uuid(), $1, id FROM access.users LIMIT 1",
      [name],
    ),
  );
  await delay(3);
  const after = new Date();
  await delay(3);
  return after;
}

const restore = (wanted: { key: string; target: Date; as?: string }) =>
  restoreTenant(recovery, wanted, new Date());

test("a tenant is put back to a second, reached under its own role, and can be put back again", async () => {
  const moment = await addOrganisation("maven", "Before");
  await addOrganisation("maven", "After");
  const before = await host.tenancy.show("maven");
  const { tenant, lastOwnCommit, copied, replacedDatabase } = await restore({ key: "maven", target: moment });
  expect(await organisations("maven")).toEqual(["Before"]);
  expect(tenant.databaseName).not.toBe(before.databaseName);
  expect(replacedDatabase).toBe(before.databaseName);
  expect(copied.rows).toBeGreaterThan(10);
  expect(lastOwnCommit === null || lastOwnCommit <= moment.toISOString()).toBe(true);

  const { rows } = await host.tenancy.pool(tenant).query("SELECT current_database() AS name");
  expect(rows[0].name).toBe(tenant.databaseName);
  await expect(host.tenancy.pool(before).query("SELECT 1")).rejects.toThrow("permission denied for database");
  const audit = await host.tenancy.asOwner(tenant, (owner) =>
    owner.query("SELECT detail FROM public.audit WHERE action = 'restore'"),
  );
  expect(audit.rows).toMatchObject([{ detail: { target: moment.toISOString(), by: "test" } }]);

  await addOrganisation("maven", "Since the restore");
  await restoreBack(recovery, { key: "maven" }, new Date());
  expect(await organisations("maven")).toEqual(["After", "Before"]);
  await restoreBack(recovery, { key: "maven" }, new Date());
  expect(await organisations("maven")).toEqual(["Before", "Since the restore"]);
}, 120_000);

test("what was erased since is erased again, and nobody gets in who may not get in today, in either direction", async () => {
  const key = "careful";
  const asOwner = async (text: string, values: unknown[] = []) =>
    host.tenancy.asOwner(
      await host.tenancy.show(key),
      async (owner) => (await owner.query(text, values)).rows,
    );
  await aTenant(key);
  await asOwner(`INSERT INTO access.users (name, full_name, level, password_hash) VALUES
    ('gone', 'Closed Since', 61, 'old'), ('free', 'Blocked Since', 61, 'old'), ('low', 'Lowered Since', 80, 'old'), ('narrow', 'Limited Since', 61, 'old')`);
  await asOwner("INSERT INTO access.territory (name) VALUES ('East'), ('West')");
  await asOwner(
    "INSERT INTO access.session (token_hash, user_id, idle_until, ends_at) VALUES ('x', 1, now() + '1 day', now() + '1 day')",
  );
  await addOrganisation(key, "Kept");
  const moment = await addOrganisation(key, "Secret");
  const erase = (name: string) =>
    asOwner(
      "SELECT public.erase_again('organisation', id, now(), 1) FROM public.organisation WHERE name = $1",
      [name],
    );
  await erase("Secret");
  await asOwner("UPDATE access.users SET active = false, password_hash = 'new' WHERE name = 'gone'");
  await asOwner("UPDATE access.users SET blocked_at = now(), failures = 4 WHERE name = 'free'");
  await asOwner("UPDATE access.users SET level = 25 WHERE name = 'low'");
  // To a place that there was then, and one that there was not.
  await asOwner("INSERT INTO access.territory (name) VALUES ('Newest')");
  await asOwner(
    "INSERT INTO access.user_territory SELECT u.id, t.id FROM access.users u, access.territory t WHERE u.name = 'narrow' AND t.name IN ('East', 'Newest')",
  );
  await asOwner(
    "UPDATE access.level SET rights = jsonb_set(rights, '{organisation,delete}', '\"none\"') WHERE number = 61",
  );
  const rightsOf61 = "SELECT rights FROM access.level WHERE number = 61";
  const [rights] = await asOwner(rightsOf61);
  const { carried } = await restore({ key, target: moment });
  expect(await organisations(key)).toEqual(["Kept"]);
  expect(await asOwner(rightsOf61)).toEqual([rights]);
  expect(
    await asOwner(
      "SELECT r.everywhere, (SELECT array_agg(t.name ORDER BY t.name) FROM access.territory t WHERE t.id = ANY (r.territories) AND t.id > 0) AS names FROM access.reach r JOIN access.users u ON u.id = r.user_id WHERE u.name = 'narrow'",
    ),
  ).toEqual([{ everywhere: false, names: ["East", "Newest"] }]);
  expect(carried).toEqual({
    erased: 1,
    users: { closed: [2], blocked: [3], lowered: [4], left: [], gone: 0 },
    limited: [5],
  });
  const people =
    "SELECT active, blocked_at IS NOT NULL AS blocked, level, password_hash FROM access.users WHERE id > 1 ORDER BY id";
  expect(await asOwner(people)).toEqual([
    { active: false, blocked: false, level: 61, password_hash: "new" },
    { active: true, blocked: true, level: 61, password_hash: "old" },
    { active: true, blocked: false, level: 25, password_hash: "old" },
    { active: true, blocked: false, level: 61, password_hash: "old" },
  ]);
  expect(await asOwner("SELECT FROM access.session WHERE ended_at IS NULL")).toEqual([]);
  await erase("Kept");
  await restoreBack(recovery, { key }, new Date());
  expect(await organisations(key)).toEqual([]);
}, 120_000);

test("a moment before an earlier restore is found in the database of that time", async () => {
  const moment = await addOrganisation("maven", "Third");
  await addOrganisation("maven", "Fourth");
  await restore({ key: "maven", target: moment });
  await addOrganisation("maven", "Fifth");
  await restore({ key: "maven", target: moment });
  expect(await organisations("maven")).toEqual(["Before", "Since the restore", "Third"]);
}, 120_000);

test("a tenant made after the base backup comes back too, with a column of its own, beside itself under a new key", async () => {
  const tenant = await aTenant("younger");
  await host.tenancy.asOwner(tenant, async (owner) => {
    await owner.query(
      "ALTER TABLE public.organisation ADD COLUMN own_rating integer DEFAULT 3 CHECK (own_rating < 10)",
    );
    await owner.query("CREATE INDEX own_rating ON public.organisation (own_rating)");
  });
  const moment = await addOrganisation("younger", "Kept");
  await addOrganisation("younger", "Not yet");
  const { tenant: copy } = await restore({ key: "younger", target: moment, as: "younger-then" });
  expect(await organisations("younger-then")).toEqual(["Kept"]);
  expect(await organisations("younger")).toEqual(["Kept", "Not yet"]);
  const { rows } = await host.tenancy.asOwner(copy, (owner) =>
    owner.query("SELECT own_rating FROM public.organisation"),
  );
  expect(rows).toEqual([{ own_rating: 3 }]);
  await host.tenancy.pool(copy).query("SELECT access.touch_session()");
}, 120_000);

test("two restores of one tenant at once: the second is refused, and one is done", async () => {
  const target = await addOrganisation("maven", "Twice");
  const both = await Promise.allSettled([
    restore({ key: "maven", target }),
    restore({ key: "maven", target }),
  ]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  const refused = both.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(refused.reason).toMatchObject({ code: "busy" });
}, 120_000);

test("a drill restores a tenant beside everything, compares it, and leaves its evidence and nothing else", async () => {
  const target = await addOrganisation("maven", "Drilled");
  const before = await host.tenancy.show("maven");
  expect((await nextToDrill(recovery))?.last).toBeUndefined();
  const report = await drillTenant(recovery, { key: "maven", target }, () => 0, new Date());
  expect(report).toMatchObject({ tenant: "maven", auditContinues: true });
  expect(report.copied.tables).toBeGreaterThan(20);
  const drills = await listRestores(host.tenancy.registry, before.id);
  expect(drills[0]).toMatchObject({ kind: "drill", state: "done", detail: { target: report.target } });
  expect(await host.tenancy.show("maven")).toEqual(before);
}, 120_000);

test.each([
  { because: "lies in the future", target: () => new Date(Date.now() + 60_000) },
  { because: "did not exist at", target: () => new Date(0) },
])("a target that $because is refused and nothing is made", async ({ because, target }) => {
  const before = (await listRestores(host.tenancy.registry)).length;
  await expect(restore({ key: "maven", target: target() })).rejects.toThrow(because);
  await expect(restore({ key: "nobody", target: target() })).rejects.toMatchObject({
    code: "unknown_tenant",
  });
  expect((await listRestores(host.tenancy.registry)).length).toBe(before);
});

test("nothing is left of scratch servers and of databases nobody is on", async () => {
  expect(await readdir(join(host.directory, "scratch"))).toEqual([]);
  const kept = (await listRestores(host.tenancy.registry)).flatMap((each) => [
    each.replacedDatabase,
    each.databaseName,
  ]);
  const inUse = (await host.tenancy.list()).map(({ databaseName }) => databaseName);
  const { rows } = await withClient(host.server.connection, (client) =>
    client.query("SELECT datname FROM pg_database WHERE datname ~ '^t[a-z2-7]{26}$'"),
  );
  const unknown = rows
    .map(({ datname }) => datname)
    .filter((name) => !kept.includes(name) && !inUse.includes(name));
  expect(unknown).toEqual([]);
});
