import { readdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { withClient } from "#platform/postgres/index.ts";
import { addTenant } from "#testing/backed-up-host.ts";
import { openOwnServer, type OwnServer } from "#testing/own-server.ts";
import { drillTenant } from "../../restore/drill.ts";
import { restoreTenant } from "../../restore/restore-tenant.ts";
import type { Recovery } from "../../restore/scratch-tenant.ts";
import { endSegment } from "../base-backup.store.ts";
import { openBackups } from "../open-backups.ts";
import { noteSchedule } from "../schedule-note.ts";

let host: OwnServer;
let recovery: Recovery;

beforeAll(async () => {
  host = await openOwnServer();
  await addTenant(host, "maven");
  await addTenant(host, "other");
  await host.backups.makeFull(host.server.connection, new Date());
  const { backups, tenancy, server } = host;
  const log = openLog({ level: "silent" });
  recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
}, 120_000);
afterAll(() => host[Symbol.asyncDispose]());

const asOwner = async (key: string, text: string): Promise<string[]> =>
  host.tenancy.asOwner(await host.tenancy.show(key), async (owner) =>
    (await owner.query(text)).rows.map(({ name }) => name),
  );
const organisations = (key: string) => asOwner(key, "SELECT name FROM public.organisation ORDER BY name");

/** Gives a moment after its commit and before anything else. */
async function addOrganisation(key: string, name: string): Promise<Date> {
  await asOwner(
    key,
    `INSERT INTO public.organisation (id, name, responsible_id) SELECT gen_random_uuid(), '${name}', id FROM access.users LIMIT 1`,
  );
  await delay(3);
  const after = new Date();
  await delay(3);
  return after;
}

/** Files of the log in a repository, oldest first. */
async function logIn(repository: string): Promise<string[]> {
  const paths = await readdir(join(repository, "archive"), { recursive: true });
  return paths
    .filter((path) => /\/[0-9A-F]{24}-[0-9a-f]{40}/.test(path))
    .sort()
    .map((path) => join(repository, "archive", path));
}

const status = () => host.backups.status(new Date());
const codes = async () => (await status()).problems.map(({ code }) => code);

test.each([
  {
    because: "Repository 2 of pgBackRest (/var/tmp) is on the same disk as",
    code: "same_disk",
    lines: { "repo2-path": "/var/tmp" },
  },
  { because: "has one repository", lines: { "repo2-path": undefined } },
  { because: "is not there", lines: { "repo2-path": "/nowhere" } },
  { because: "no stanza [absent]", stanza: "absent" },
  { because: "no user nobody-here", as: "nobody-here" },
])(
  "a start is refused when: $because",
  async ({ because, code = "not_configured", lines = {}, stanza, as }) => {
    const environment = await host.configured(lines);
    if (stanza !== undefined) environment.STRONGROOM_PGBACKREST_STANZA = stanza;
    if (as !== undefined) environment.STRONGROOM_PGBACKREST_AS = as;
    const opening = openBackups(join(host.directory, "new"), environment, new Date());
    await expect(opening).rejects.toMatchObject({ code, message: expect.stringContaining(because) });
  },
);

test("both repositories get a full backup and then an increment, and all is well", async () => {
  await noteSchedule(host.directory, { at: new Date().toISOString(), runs: true });
  const { label } = await host.backups.makeIncrement!(new Date());
  expect(label).toMatch(/_\d{8}-\d{6}I$/);
  const { bases, repositories, window, problems, archiving } = await status();
  expect(problems).toEqual([]);
  expect(archiving).toBe(true);
  expect(bases.map(({ restorable }) => restorable)).toEqual([true, true]);
  expect(repositories).toMatchObject([
    { key: 1, newestFull: expect.any(String), newestIncrement: expect.any(String) },
    { key: 2, newestFull: expect.any(String), newestIncrement: expect.any(String) },
  ]);
  expect(window.gaps).toEqual([]);
  expect(window.latestAgeSeconds).toBeLessThan(30);
}, 60_000);

test("a tenant is put back to a second by the host's own programs, and the others keep what they did since", async () => {
  const moment = await addOrganisation("maven", "Before");
  await addOrganisation("maven", "After");
  await addOrganisation("other", "Since");
  const { copied } = await restoreTenant(recovery, { key: "maven", target: moment }, new Date());
  expect(copied.rows).toBeGreaterThan(10);
  expect(await organisations("maven")).toEqual(["Before"]);
  expect(await organisations("other")).toEqual(["Since"]);
  expect(await readdir(join(host.directory, "scratch"))).toEqual([]);
}, 60_000);

test("a file of the log that both repositories lost is a gap, whose moments are refused", async () => {
  await host.backups.archiveAll(host.server.connection);
  const target = await addOrganisation("other", "Between");
  for (let more = 0; more < 2; more++) await host.backups.archiveAll(host.server.connection);
  const [one = [], two = []] = await Promise.all(host.repositories.map(logIn));
  const lost = [one.at(-2)!, two.at(-2)!];
  for (const path of lost) await rename(path, `${path}.lost`);
  const { window } = await status();
  expect(window.gaps.length).toBe(1);
  expect(await codes()).toEqual(["gap"]);
  await expect(restoreTenant(recovery, { key: "other", target }, new Date())).rejects.toMatchObject({
    code: "outside_window",
  });
  for (const path of lost) await rename(`${path}.lost`, path);
  expect(await codes()).toEqual([]);
}, 60_000);

test("log that the server cannot hand over, and a schedule that stands still, are problems at once", async () => {
  const tell = (text: string) =>
    withClient(host.server.connection, (client) =>
      client.query(text).then(() => client.query("SELECT pg_reload_conf()")),
    );
  await tell("ALTER SYSTEM SET archive_command = 'false pgbackrest'");
  await endSegment(host.server.connection);
  await expect.poll(codes, { timeout: 20_000 }).toContain("shipping_failed");
  await tell("ALTER SYSTEM SET archive_command = ''");
  await noteSchedule(host.directory, { at: new Date().toISOString(), runs: false });
  await expect.poll(codes).toEqual(expect.arrayContaining(["not_archiving", "schedule_stopped"]));
  await tell("ALTER SYSTEM RESET archive_command");
  await noteSchedule(host.directory, { at: new Date().toISOString(), runs: true });
}, 60_000);

test("a backup that lost a file is noticed by the daily check, and a restore takes the other repository's", async () => {
  const { bases } = await status();
  const label = bases.find((base) => base.label.endsWith("repository 2"))!.label.split(" ")[0]!;
  const lost = join(host.repositories[1], "backup/host", label, "pg_data/PG_VERSION.zst");
  await rename(lost, `${lost}.lost`);
  await expect(host.backups.check(Math.random, new Date())).rejects.toThrow(/Repository 2 .*damaged/);
  expect(await codes()).toContain("check_failed");
  await expect(
    drillTenant(recovery, { key: "other", target: new Date() }, () => 0, new Date()),
  ).rejects.toThrow(/is equal, but only from the older base backup .* in repository 1\. .*missing file/);
  await rename(`${lost}.lost`, lost);
  expect(await host.backups.check(Math.random, new Date())).toContain("read");
  expect(await codes()).not.toContain("check_failed");
}, 120_000);
