import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { holderOf, startEmbeddedPostgres, withClient } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { readCatalog } from "../backup/catalog.ts";
import { backupKey } from "../backup/keyring.ts";
import { openBuiltIn } from "../backup/open-backups.ts";
import { sheetPath, sheetText } from "../backup/recovery-sheet.ts";
import { startShipper } from "../backup/ship-wal.ts";
import { waitForSegment } from "../backup/wait-for-segment.ts";
import { windowOf } from "../backup/window.ts";
import { recoverServer } from "./recover-server.ts";

const log = openLog({ level: "silent" });
let host: BackedUpHost;
let sheet: string;
let from: string;

beforeAll(async () => {
  host = await openBackedUpHost();
  from = host.backups.location.name;
  sheet = join(dirname(host.directory), "sheet.txt");
  await writeFile(sheet, await readFile(sheetPath(host.directory)));
  await addTenant(host, "maven");
  await makeBaseBackup(host.backups, host.server.connection, new Date());
}, 120_000);
afterAll(() => host.close());

const add = async (name: string): Promise<Date> => {
  const tenant = await host.tenancy.show("maven");
  await host.tenancy.asOwner(tenant, (owner) =>
    owner.query("INSERT INTO access.territory (name) VALUES ($1)", [name]),
  );
  await delay(3);
  return new Date();
};

async function territoriesOf(directory: string): Promise<string[]> {
  const shipper = startShipper((await openBuiltIn(directory, {}, new Date()))!, log);
  const server = await startEmbeddedPostgres({ directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  try {
    const tenant = await tenancy.show("maven");
    // As the tenant's own role: its password opens only with the host's key, which came back too.
    await tenancy.pool(tenant).query("SELECT 1");
    const { rows } = await tenancy.asOwner(tenant, (owner) =>
      owner.query("SELECT name FROM access.territory WHERE id > 0 ORDER BY id"),
    );
    return rows.map(({ name }) => name);
  } finally {
    await tenancy.close();
    await server.stop();
    await shipper.stop();
  }
}

test("with nothing but the backups and the sheet, the server stands again with everything the archive holds", async () => {
  const moment = await add("first");
  await add("second");
  await waitForSegment(host.backups.location, await endSegment(host.server.connection));
  await add("never archived");
  const { latest } = windowOf(await readCatalog(host.backups.location, host.backups.keyring));
  process.kill(host.server.pid(), "SIGQUIT");
  await host.shipper.stop();

  const again = join(dirname(host.directory), "again");
  const report = await recoverServer({ directory: again, from, sheet }, log);
  expect(report.archivedUntil).toBe(latest?.toISOString());
  expect(await territoriesOf(again)).toEqual(["first", "second"]);
  const { timelines } = await readCatalog(host.backups.location, host.backups.keyring);
  expect(timelines.map(({ timeline }) => timeline)).toEqual([1, 2]);

  const earlier = join(dirname(host.directory), "earlier");
  await recoverServer({ directory: earlier, from, sheet, target: moment }, log);
  expect(await territoriesOf(earlier)).toEqual(["first"]);
}, 120_000);

test("recovered to an earlier moment, who was shut out since stays out and what was erased stays erased, unless the host says otherwise", async () => {
  await using lost = await openBackedUpHost();
  const tenant = await addTenant(lost, "maven");
  const [suspended, frozen] = [await addTenant(lost, "suspended"), await addTenant(lost, "frozen")];
  const sheetOfIt = join(dirname(lost.directory), "sheet.txt");
  await writeFile(sheetOfIt, await readFile(sheetPath(lost.directory)));
  const asOwner = (text: string) => lost.tenancy.asOwner(tenant, (owner) => owner.query(text));
  await asOwner(`INSERT INTO access.users (name, full_name, level, password_hash) VALUES
    ('free', 'Blocked Since', 61, 'old'), ('narrow', 'Limited Since', 61, 'old')`);
  await asOwner("INSERT INTO access.territory (name) VALUES ('East')");
  await asOwner(
    "INSERT INTO public.organisation (id, name, responsible_id) VALUES (gen_random_uuid(), 'Secret', 1)",
  );
  await asOwner(
    "INSERT INTO access.session (token_hash, user_id, idle_until, ends_at) VALUES ('x', 2, now() + '1 day', now() + '1 day')",
  );
  // Whom nothing can be given.
  await lost.tenancy.asOwner(frozen, (owner) =>
    owner.query(`CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''frozen''; END';
      CREATE TRIGGER refuse BEFORE UPDATE ON access.users FOR EACH STATEMENT EXECUTE FUNCTION public.refuse()`),
  );
  await makeBaseBackup(lost.backups, lost.server.connection, new Date());
  await delay(3);
  const target = new Date();
  await delay(3);
  await lost.tenancy.suspend(suspended.key);
  await asOwner("UPDATE access.users SET blocked_at = now() WHERE name = 'free'");
  await asOwner(
    "INSERT INTO access.user_territory SELECT u.id, t.id FROM access.users u, access.territory t WHERE u.name = 'narrow' AND t.name = 'East'",
  );
  await asOwner("SELECT public.erase_again('organisation', id, now(), 1) FROM public.organisation");
  await waitForSegment(lost.backups.location, await endSegment(lost.server.connection));
  const recoverInto = async (name: string, asItWas: boolean) => {
    const directory = join(dirname(lost.directory), name);
    const { carried } = await recoverServer(
      { directory, from: lost.backups.location.name, sheet: sheetOfIt, target, asItWas },
      log,
    );
    return { carried, ...(await standingOf(directory)) };
  };
  expect(await recoverInto("kept", false)).toMatchObject({
    carried: {
      tenants: [{ key: "maven", erased: 1, limited: [3], users: { blocked: [2] } }, { key: "suspended" }],
      suspended: ["suspended"],
      shut: [{ key: "frozen", reason: "frozen" }],
    },
    found: { blocked: ["free"], limited: ["narrow"], organisations: [], sessions: 0 },
    shut: { rows: ["frozen", "suspended"], roles: 2 },
  });
  expect(await recoverInto("as-it-was", true)).toMatchObject({
    carried: { tenants: [], suspended: [], shut: [] },
    found: { blocked: [], limited: [], organisations: ["Secret"], sessions: 0 },
    shut: { rows: [], roles: 0 },
  });
}, 180_000);

/** Who is shut out on a recovered server, and what is there; read without the program. */
async function standingOf(directory: string) {
  const shipper = startShipper((await openBuiltIn(directory, {}, new Date()))!, log);
  const server = await startEmbeddedPostgres({ directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  try {
    const { rows } = await tenancy.asOwner(await tenancy.show("maven"), (owner) =>
      owner.query(`SELECT
        array(SELECT name FROM access.users WHERE blocked_at IS NOT NULL) AS blocked,
        array(SELECT u.name FROM access.users u JOIN access.reach r ON r.user_id = u.id WHERE NOT r.everywhere) AS limited,
        array(SELECT name FROM public.organisation) AS organisations,
        (SELECT count(*)::int FROM access.session WHERE ended_at IS NULL) AS sessions`),
    );
    const all = await tenancy.list();
    const { rows: roles } = await withClient(server.connection, (client) =>
      client.query("SELECT FROM pg_roles WHERE NOT rolcanlogin AND rolname = ANY ($1)", [
        all.map(({ roleName }) => roleName),
      ]),
    );
    const shut = all.filter(({ state }) => state === "suspended").map(({ key }) => key);
    return { found: rows[0], shut: { rows: shut.sort(), roles: roles.length } };
  } finally {
    await tenancy.close();
    await server.stop();
    await shipper.stop();
  }
}

test("a recovery that was cut off is begun again; a folder with a server or other files in it is refused", async () => {
  const half = join(dirname(host.directory), "half");
  await mkdir(join(half, "recovering/postgres/base"), { recursive: true });
  await recoverServer({ directory: half, from, sheet }, log);
  await expect(recoverServer({ directory: half, from, sheet }, log)).rejects.toThrow(
    "already holds a server",
  );
  await rm(join(half, "postgres"), { recursive: true });
  await writeFile(join(half, "thesis.doc"), "");
  await expect(recoverServer({ directory: half, from, sheet }, log)).rejects.toThrow(
    "is not empty (thesis.doc)",
  );
}, 120_000);

test("while a server is recovered nobody else recovers or starts one in its folder", async () => {
  const directory = join(dirname(host.directory), "both");
  const first = recoverServer({ directory, from, sheet }, log);
  await expect.poll(() => existsSync(join(directory, "recovering"))).toBe(true);
  // A program that is started now waits for it.
  expect(await holderOf(directory)).toMatchObject({ purpose: "command" });
  const second = recoverServer({ directory, from, sheet }, log);
  await expect(second).rejects.toThrow(/already (holds a server|runs on)/);
  await first;
}, 120_000);

test.each([
  { because: "no backup key in this file", wanted: async () => ({ from, sheet: await aFile("a letter") }) },
  {
    because: "which is not here",
    wanted: async () => ({
      from,
      sheet: await aFile(sheetText([backupKey(Buffer.alloc(32, 7), "2026-01-01T00-00-00Z")], from)),
    }),
  },
  { because: "holds no backups", wanted: async () => ({ from: dirname(from), sheet }) },
  { because: "cannot be read", wanted: async () => ({ from, sheet: "/nowhere/sheet.txt" }) },
  { because: "lies before the first moment", wanted: async () => ({ from, sheet, target: new Date(0) }) },
  {
    because: "lies after the last moment",
    wanted: async () => ({ from, sheet, target: new Date(Date.now() + 86_400_000) }),
  },
])("a recovery is refused when it $because", async ({ because, wanted }) => {
  const directory = join(dirname(host.directory), "refused");
  await expect(recoverServer({ directory, ...(await wanted()) }, log)).rejects.toThrow(because);
});

async function aFile(text: string): Promise<string> {
  const path = join(dirname(host.directory), "file.txt");
  await writeFile(path, text);
  return path;
}
