import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { note, noted } from "#testing/noted.ts";
import { restoreTenant } from "../restore/restore-tenant.ts";
import { makeBaseBackup } from "./base-backup.ts";
import { beat, endSegment } from "./base-backup.store.ts";
import { builtInBackups } from "./built-in.ts";
import { checkBackups } from "./daily.ts";
import { folderPlace } from "./folder-location.ts";
import { partPath, readManifest, secretsPath, sizesPath, manifestPath, type Manifest } from "./manifest.ts";
import { startShipper } from "./ship-wal.ts";
import { backupStatus } from "./status.ts";
import { waitForSegment } from "./wait-for-segment.ts";
import { noteWritten } from "./written.ts";

const log = openLog({ level: "silent" });
let host: BackedUpHost;
let base: Manifest;
const copies: string[] = [];

beforeAll(async () => {
  host = await openBackedUpHost();
  await addTenant(host, "maven");
  base = await makeBaseBackup(host.backups, host.server.connection, new Date());
  await host.backups.archiveAll(host.server.connection);
}, 180_000);
afterAll(async () => {
  for (const copy of copies) await rm(copy, { recursive: true, force: true });
  await host.close();
});

/** The same backups somewhere else, to be damaged. */
async function copied() {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-bytes-"));
  copies.push(folder);
  await cp(host.backups.location.name, folder, { recursive: true, preserveTimestamps: true });
  const place = folderPlace(folder);
  const location = place.open((await place.identity()) ?? "");
  return { folder, backups: builtInBackups({ ...host.backups, location }) };
}

const registryPart = () => base.databases.find(({ name }) => name === "strongroom_registry")?.oid;

const files: { what: string; path: () => string | Promise<string> }[] = [
  { what: "the registry's part", path: () => partPath(base.label, String(registryPart())) },
  { what: "the server's part", path: () => partPath(base.label, "server") },
  { what: "the secrets", path: () => secretsPath(base.label) },
  { what: "the sizes", path: () => sizesPath(base.label) },
  { what: "the manifest", path: () => manifestPath(base.label) },
  { what: "a file of the log", path: async () => (await host.backups.location.list("wal"))[0]!.name },
];

test("everything that is kept is read, and the status says how much and when", async () => {
  const now = new Date();
  const { backups } = await copied();
  // What is new is to be read soon, and nobody waits for it yet.
  expect((await backupStatus(backups, now)).readings).toMatchObject({ read: 0, overdue: 0 });
  expect(await checkBackups(backups, now)).toContain("and all of them opened");
  const { readings } = await backupStatus(backups, now);
  const all = (await backups.location.list("wal")).length + (await backups.location.list("base")).length;
  expect(readings).toMatchObject({ files: all, read: all, failed: [], overdue: 0 });
  expect(Math.abs(Date.parse(readings!.oldest!) - now.getTime())).toBeLessThan(1_000);
  const nextWeek = new Date(now.getTime() + 8 * 86_400_000);
  expect((await backupStatus(backups, nextWeek)).readings).toMatchObject({ read: all, overdue: 0 });
  // What was read long ago is not called read any more.
  const later = new Date(now.getTime() + 15 * 86_400_000);
  const then = await backupStatus(backups, later);
  expect(then.readings).toMatchObject({ read: 0, overdue: all });
  expect(then.problems.map(({ code }) => code)).toContain("unread");
}, 180_000);

test.each(files)(
  "one flipped bit in $what is found by reading, and the base backup it spoils is none until it is put right",
  async ({ path }) => {
    const { folder, backups } = await copied();
    const name = await path();
    const sound = await readFile(join(folder, name));
    const bytes = Buffer.from(sound);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1;
    await writeFile(join(folder, name), bytes);
    await expect(checkBackups(backups, new Date())).rejects.toThrow(`${name} is damaged`);
    const { problems, bases, readings } = await backupStatus(backups, new Date());
    // A base backup whose manifest does not open is told of before anything is read.
    const unread = name === manifestPath(base.label) ? [] : [expect.stringContaining(name)];
    expect(readings).toMatchObject({ read: readings!.files - unread.length, failed: unread });
    expect(problems.map(({ code }) => code)).toContain("check_failed");
    expect(bases.some(({ restorable }) => restorable)).toBe(!name.startsWith("base/"));
    await writeFile(join(folder, name), sound);
    await checkBackups(backups, new Date());
    const mended = await backupStatus(backups, new Date());
    expect(mended.readings).toMatchObject({ read: readings!.files, failed: [] });
    expect(mended.bases.map(({ restorable }) => restorable)).toEqual([true]);
  },
  60_000,
);

test("a base backup that has lost its secrets can restore nothing, and one that has lost its manifest is kept and told", async () => {
  const { folder, backups } = await copied();
  await rm(join(folder, secretsPath(base.label)));
  const lost = await backupStatus(backups, new Date());
  expect(lost.bases.map(({ restorable }) => restorable)).toEqual([false]);
  expect(lost.broken).toEqual([{ label: base.label, reason: `${secretsPath(base.label)} is missing.` }]);

  const { location } = host.backups;
  const manifest = join(location.name, manifestPath(base.label));
  const kept = await readFile(manifest);
  await rm(manifest);
  const made = await makeBaseBackup(host.backups, host.server.connection, new Date(Date.now() + 2_000));
  expect(await readdir(join(location.name, "base", base.label))).toContain("server.tar.zst");
  const { broken } = await backupStatus(host.backups, new Date());
  expect(broken).toEqual([{ label: base.label, reason: expect.stringContaining("manifest is missing") }]);
  await writeFile(manifest, kept);
  expect(await readManifest(location, host.backups.keyring, base.label)).toMatchObject({ label: base.label });
  expect((await backupStatus(host.backups, new Date())).broken).toEqual([]);
  expect(made.label > base.label).toBe(true);
}, 180_000);

test("log that does not arrive is a problem after a minute, though the server finishes no file and nothing fails", async () => {
  const { server, directory, backups } = host;
  await backups.archiveAll(server.connection);
  const late = async (at: Date) =>
    (await backupStatus(backups, at)).problems.find(({ code }) => code === "shipping_late")?.words;
  const now = new Date();
  await beat(server.connection);
  await noteWritten(directory, server.connection, now);
  expect(await late(new Date(now.getTime() + 50_000))).toBeUndefined();
  expect(await late(new Date(now.getTime() + 70_000))).toContain(
    `written since ${now.toISOString()} is in no backup`,
  );
  await backups.archiveAll(server.connection);
  expect(await late(new Date(now.getTime() + 70_000))).toBeUndefined();
}, 180_000);

test("a file of the log stamped in the future keeps nothing out of a restore", async () => {
  const { server, tenancy, backups, directory } = host;
  await host.shipper.stop();
  const segment = await endSegment(server.connection);
  const tomorrow = new Date(Date.now() + 86_400_000);
  await utimes(join(directory, "postgres/pg_wal", segment), tomorrow, tomorrow);
  host.shipper = startShipper(backups, log);
  await waitForSegment(backups.location, segment);
  await note(tenancy, "maven", "committed");
  const target = new Date();
  const recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
  await restoreTenant(recovery, { key: "maven", target }, new Date());
  expect(await noted(tenancy, "maven")).toEqual(["committed"]);
}, 180_000);
