import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { unmatched, wrongRights } from "#controls/tenants-apart.store.ts";
import { withClient } from "#platform/postgres/index.ts";
import type { Browser } from "#testing/api.ts";
import { askAt, now, openAt, openMomentHost, type MomentHost } from "#testing/moments.ts";
import { listRestores } from "../restore/restores.store.ts";
import { tidyRestores } from "../restore/tidy-restores.ts";
import { findMoment, listMoments } from "./moments.store.ts";
import { writableThings } from "./shut-writes.store.ts";
import { tidyMoments } from "./tidy-moments.ts";

let all: MomentHost;
let admin: Browser;
let at: Date;
let moment: string;

const statusAt = async (id: string) => {
  const { status, body } = await askAt(admin, id, "GET", "/api/organisations");
  return status === 200 ? body.items.length : body.error.code;
};

beforeAll(async () => {
  all = await openMomentHost();
  admin = all.admin;
  await admin.ask("POST", "/api/organisations", { name: "Acme" });
  // Somebody whose door it is not.
  await all.host.tenancy.createTenant({ key: "other", name: "Other" });
  at = await now();
  moment = await openAt(all, at);
}, 120_000);
afterAll(() => all.close());

test("W-14 counts a moment as its tenant's, and notices one that takes writes, is shut or is open to others", async () => {
  const { tenancy, server } = all.host;
  const clean = async () => {
    const { pairs: _, ...wrong } = await wrongRights(tenancy);
    return Object.entries({ ...(await unmatched(tenancy)), ...wrong }).filter(([, count]) => count !== 0);
  };
  const { databaseName: name } = (await findMoment(tenancy.registry, all.served.tenant.id, moment))!;
  const { roleName } = all.served.tenant;
  const administrator = (text: string) => withClient(server.connection, (client) => client.query(text));
  expect(await clean()).toEqual([]);
  await administrator(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
  expect(await clean()).toEqual([["momentsNotReadOnly", 1]]);
  expect(await writableThings({ ...server.connection, database: name })).toEqual(["transactions"]);
  await administrator(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  await administrator(`REVOKE CONNECT ON DATABASE ${name} FROM ${roleName}`);
  expect(await clean()).toEqual([["momentDoorsShut", 1]]);
  await administrator(`GRANT CONNECT ON DATABASE ${name} TO ${roleName}`);
  await administrator(`GRANT CONNECT ON DATABASE ${name} TO PUBLIC`);
  expect(await clean()).toEqual([["foreignDoorsOpen", 1]]);
  await administrator(`REVOKE CONNECT ON DATABASE ${name} FROM PUBLIC`);
  expect(await clean()).toEqual([]);
});

const tenantDatabases = async () => {
  const { rows } = await all.host.tenancy.registry.query<{ datname: string }>(
    "SELECT datname FROM pg_database WHERE datname ~ '^t[a-z2-7]{26}$' ORDER BY 1",
  );
  return rows.map(({ datname }) => datname);
};

test("a making that is killed just before it is open leaves nothing", async () => {
  const { tenancy, directory, server } = all.host;
  const before = await tenantDatabases();
  const program = join(import.meta.dirname, "../../testing/restore-to-kill.ts");
  const words = [program, directory, "maven", at.toISOString(), "beside"];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "inherit"] });
  const stepOf = async () =>
    (await listRestores(tenancy.registry)).find(({ state }) => state === "running")?.step ?? "none";
  while (child.exitCode === null && (await stepOf()) !== "step") await delay(1);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  while ((await stepOf()) !== "none") {
    await tidyRestores({ ...all.recovery, connection: server.connection });
    await delay(20);
  }
  expect(await tenantDatabases()).toEqual(before);
  expect(await readdir(join(directory, "scratch"))).toEqual([]);
  expect(await listMoments(tenancy.registry)).toHaveLength(1);
}, 60_000);

/** A row like that of another moment, which makes no database. */
async function openWithout(like: string): Promise<string> {
  const { rows } = await all.host.tenancy.registry.query<{ id: string }>(
    `INSERT INTO restores (id, tenant_id, kind, state, target, database_name, requested_by, kept_until, ended_at)
     SELECT gen_random_uuid(), tenant_id, kind, state, target, 'none', requested_by, kept_until, ended_at
     FROM restores WHERE id = $1 RETURNING id`,
    [like],
  );
  return rows[0]!.id;
}

test("at most three are open, and one that is closed or over is gone at once and its database a little later", async () => {
  const { tenancy } = all.host;
  const before = await tenantDatabases();
  const second = await openAt(all, at);
  const third = await openWithout(second);
  await expect(openAt(all, at)).rejects.toThrow("has 3 moments open");
  const asked = { kind: "moment", target: at.toISOString(), reason: "One more" };
  expect((await admin.ask("POST", "/api/restores", asked)).body.error.code).toBe("too_many_moments");
  const { name, password } = await all.served.aUser({ name: "manager", level: 70 });
  const manager = await all.served.signedIn(name, password);
  expect((await manager.ask("POST", `/api/moments/${second}/close`, {})).body.error.code).toBe("forbidden");
  expect((await admin.ask("POST", `/api/moments/${second}/close`, {})).status).toBe(200);
  expect(await statusAt(second)).toBe("no_such_moment");
  await tenancy.registry.query("UPDATE restores SET kept_until = now() WHERE id = $1", [third]);
  expect(await statusAt(third)).toBe("no_such_moment");
  expect(await tenantDatabases()).toHaveLength(before.length + 1);
  await tidyMoments(all.recovery);
  expect(await tenantDatabases()).toEqual(before);
  expect(await statusAt(moment)).toBe(1);
}, 120_000);

test("a moment is not closed because the database was away when somebody looked, and is when its own is gone", async () => {
  const { registry } = all.host.tenancy;
  const isOpen = async (id: string) => (await listMoments(registry)).some((each) => each.id === id);
  const lost = await openWithout(moment);
  const away = { ...all.recovery.connection, host: "/nowhere" };
  await expect(tidyMoments({ ...all.recovery, connection: away })).rejects.toMatchObject({ code: "ENOENT" });
  expect(await isOpen(lost)).toBe(true);
  await tidyMoments(all.recovery);
  expect(await isOpen(lost)).toBe(false);
});
