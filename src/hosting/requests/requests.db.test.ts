import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { serveTenant, type Browser, type ServedTenant } from "#testing/api.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { listRestores } from "../restore/restores.store.ts";
import type { Recovery } from "../restore/scratch-tenant.ts";
import { allowRestores, decideRequest } from "./decide.ts";
import { claimRequest, endRequest, listRequests, nextApproved } from "./requests.store.ts";
import { openRestoreDesk } from "./restore-desk.ts";
import { settleRequests, workOffRequest } from "./work-off.ts";

let host: BackedUpHost;
let recovery: Recovery;
let served: ServedTenant;
let admin: Browser;

beforeAll(async () => {
  host = await openBackedUpHost();
  const { backups, tenancy, server } = host;
  const desk = openRestoreDesk({ registry: tenancy.registry, backups });
  served = await serveTenant(tenancy, { key: "maven", name: "Maven" }, desk);
  admin = served.asAdministrator;
  await makeBaseBackup(backups, server.connection, new Date());
  const log = openLog({ level: "silent" });
  recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
}, 120_000);
afterAll(async () => {
  await served.close();
  await host.close();
});

const ask = (fields: object, browser = admin) =>
  browser.ask("POST", "/api/restores", { reason: "A test", ...fields });
const list = async () => (await admin.ask("GET", "/api/restores")).body.items;
const newest = async () => (await list())[0];
const addOrganisation = (name: string) => admin.ask("POST", "/api/organisations", { name });
const names = async () =>
  (await admin.ask("GET", "/api/organisations?columns=name")).body.items.map(
    ({ name }: { name: string }) => name,
  );

/** A moment after everything so far and before everything to come. */
async function moment(): Promise<string> {
  await delay(3);
  const at = new Date().toISOString();
  await delay(3);
  return at;
}

const decision = { by: "the test", because: null } as const;
const approve = (id: string) => decideRequest(host.tenancy, id, { ...decision, state: "approved" });

/** Which database a host name stands for is remembered for a second. */
async function signInAnew(): Promise<void> {
  const { name, password } = served.administrator;
  const status = async () => {
    admin = served.browser();
    return (await admin.signIn(name, password)).status;
  };
  await expect.poll(status, { timeout: 10_000, interval: 100 }).toBe(200);
}

/** What the running program does every other second. */
async function workOff(): Promise<void> {
  await settleRequests(recovery);
  await workOffRequest(recovery, (await nextApproved(host.tenancy.registry))!, new Date());
  await signInAnew();
}

test.each([
  { target: "yesterday", code: "not_a_time" },
  { target: "2026-02-30T10:00:00Z", code: "not_a_time" },
  { target: "2026-10-25T02:30:00", code: "no_offset" },
  { target: "2026-03-29T02:30", code: "no_offset" },
  { target: "2999-01-01T00:00:00Z", code: "in_future" },
  { target: "2001-01-01T00:00:00+01:00", code: "before_window" },
])(
  "$target is no moment to go back to ($code), and the answer names the field and says why",
  async ({ target, code }) => {
    const { status, body } = await ask({ target });
    expect({ status, field: body.error.field, code: body.error.issues[0].code }).toEqual({
      status: 400,
      field: "target",
      code,
    });
    expect(body.error.message).toContain(`target: ${body.error.issues[0].message}`);
  },
);

test("a moment that can be restored needs a reason, and a copy a key of its own", async () => {
  const target = await moment();
  expect((await ask({ target, reason: " " })).body.error).toMatchObject({ field: "reason" });
  expect((await ask({ target, kind: "copy" })).body.error).toMatchObject({ field: "newKey" });
  expect((await ask({ target, kind: "copy", newKey: "No Key" })).body.error).toMatchObject({
    field: "newKey",
  });
  expect((await ask({ target, newKey: "maven-then" })).body.error).toMatchObject({ field: "newKey" });
});

test("only who administers users and is limited to no territory may look or ask", async () => {
  const salesperson = await served.aUser({ name: "sales", level: 70 });
  const territory = (await admin.ask("POST", "/api/territories", { name: "East" })).body.id;
  const limited = await served.aUser({ name: "east", level: 80, territories: [territory] });
  for (const [{ name, password }, code] of [
    [salesperson, "forbidden"],
    [limited, "beyond_own_rights"],
  ] as const) {
    const browser = await served.signedIn(name, password);
    for (const { status, body } of [
      await browser.ask("GET", "/api/restores"),
      await browser.ask("GET", "/api/restores/window"),
      await browser.ask("GET", `/api/restores/since?moment=${await moment()}`),
      await ask({ target: await moment() }, browser),
    ])
      expect({ status, code: body.error.code }).toEqual({ status: 403, code });
  }
});

test("what was asked can be cancelled or refused, and there is one at a time", async () => {
  const { body } = await ask({ target: await moment() });
  expect(await newest()).toMatchObject({ id: body.id, state: "asked", askedBy: "Ada Administrator (admin)" });
  expect((await ask({ target: await moment() })).body.error.code).toBe("restore_open");
  expect((await admin.ask("POST", `/api/restores/${body.id}/cancel`, {})).status).toBe(200);
  expect((await admin.ask("POST", `/api/restores/${body.id}/cancel`, {})).body.error.code).toBe(
    "wrong_state",
  );
  await expect(approve(body.id)).rejects.toThrow("is cancelled");
  const { body: second } = await ask({ target: await moment() });
  await decideRequest(host.tenancy, second.id, { state: "refused", by: "x", because: "Call us first." });
  expect(await newest()).toMatchObject({ id: second.id, state: "refused", because: "Call us first." });
});

test("the window tells what happened when, and what would be lost", async () => {
  const before = await moment();
  await addOrganisation("Counted");
  const deleted = (await addOrganisation("Deleted")).body;
  await admin.ask("DELETE", `/api/organisations/${deleted.id}`, undefined, {
    headers: { "if-match": '"1"' },
  });
  const since = (await admin.ask("GET", `/api/restores/since?moment=${before}`)).body;
  expect(since).toMatchObject({
    imports: 0,
    counts: expect.arrayContaining([
      { kind: "created", count: 2 },
      { kind: "deleted", count: 1 },
    ]),
  });
  const { body } = await admin.ask("GET", "/api/restores/window");
  expect(body.earliest <= before && before <= body.now).toBe(true);
  expect({ keepDays: body.keepDays, bucketSeconds: body.bucketSeconds }).toEqual({
    keepDays: 14,
    bucketSeconds: 60,
  });
  expect(body.happened.map(({ kind }: { kind: string }) => kind)).toEqual(
    expect.arrayContaining(["created", "deleted"]),
  );
  const fortnight = new Date(Date.parse(body.now) - 14 * 86_400_000).toISOString();
  const whole = await admin.ask("GET", `/api/restores/window?from=${fortnight}&to=${body.now}`);
  expect(whole.body.bucketSeconds).toBe(3600);
  const backwards = await admin.ask("GET", `/api/restores/window?from=${body.now}&to=${before}`);
  expect(backwards.body.error).toMatchObject({ code: "too_broad", field: "from" });
});

test("a worker killed in the middle leaves the tenant where it was; begun again, the restore is done", async () => {
  await addOrganisation("Wanted");
  const target = await moment();
  await addOrganisation("Mistake");
  const { body } = await ask({ target });
  await approve(body.id.slice(0, 8));
  const program = join(import.meta.dirname, "../../apps/cli/strongroom.ts");
  const child = spawn(process.execPath, [program, "restore", "work", body.id], {
    env: { ...process.env, STRONGROOM_DATA: host.directory },
    stdio: "ignore",
  });
  const stepOf = async () => (await newest()).step;
  await expect.poll(stepOf, { timeout: 30_000, interval: 5 }).toMatch(/replay|copy|indexes|compare/);
  child.kill("SIGKILL");
  if (child.signalCode === null && child.exitCode === null) await once(child, "exit");
  expect(await newest()).toMatchObject({ state: "running", switchedAt: null });
  const settled = async () => {
    await settleRequests(recovery);
    return (await newest()).state;
  };
  await expect.poll(settled, { timeout: 30_000, interval: 50 }).toBe("approved");
  expect(await names()).toContain("Mistake");
  const before = admin;
  await workOff();
  expect((await before.ask("GET", "/api/restores")).body.error.code).toBe("signed_out");
  expect(await names()).toContain("Wanted");
  expect(await names()).not.toContain("Mistake");
  const done = await newest();
  expect(done).toMatchObject({ id: body.id, state: "done", step: "switch", mayGoBack: true, erasedAgain: 0 });
  expect(done.lastOwnCommit <= target && done.compared.rows > 10 && done.keptUntil > target).toBe(true);
  const marks = (await admin.ask("GET", "/api/restores/window")).body.marks;
  expect(marks).toMatchObject([{ kind: "restore", target }]);
}, 90_000);

test("a tenant that may do without the host goes back to what its restore replaced, once", async () => {
  const { id } = await newest();
  const back = () => admin.ask("POST", `/api/restores/${id}/back`, { reason: "It was right" });
  await allowRestores(host.tenancy, "maven", true);
  const asked = await back();
  expect(asked.status).toBe(201);
  expect(await newest()).toMatchObject({ id: asked.body.id, kind: "back", state: "approved" });
  await workOff();
  expect(await names()).toContain("Mistake");
  expect((await back()).body.error.code).toBe("wrong_state");
  await allowRestores(host.tenancy, "maven", false);
}, 60_000);

test("what is interrupted again and again is given up, and the tenant is told no more than that", async () => {
  const { registry } = host.tenancy;
  const { body } = await ask({ target: await moment() });
  await approve(body.id);
  for (const state of ["approved", "approved", "failed"]) {
    await claimRequest(registry, body.id, crypto.randomUUID());
    await settleRequests(recovery);
    expect((await newest()).state).toBe(state);
  }
  const { body: next } = await ask({ target: await moment() });
  await approve(next.id);
  await claimRequest(registry, next.id, crypto.randomUUID());
  await endRequest(registry, next.id, "/a/path/of/the/host is full");
  expect(JSON.stringify(await list())).not.toContain("/a/path");
  expect((await listRequests(registry))[0]?.failure).toContain("/a/path");
  expect((await listRestores(registry)).every(({ state }) => state !== "running")).toBe(true);
});
