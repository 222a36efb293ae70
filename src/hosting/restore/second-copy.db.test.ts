import { readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { startEmbeddedPostgres } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { note, noted } from "#testing/noted.ts";
import { startStorage, type Storage } from "#testing/s3-storage.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { once, type BackupLocation } from "../backup/location.ts";
import { openBuiltIn } from "../backup/open-backups.ts";
import { sheetPath } from "../backup/recovery-sheet.ts";
import { waitForSegment } from "../backup/wait-for-segment.ts";
import { keepFile, removeFile, type FileStore } from "../files/file-store.ts";
import { drillTenant } from "./drill.ts";
import { recoverServer } from "./recover-server.ts";
import { restoreTenant } from "./restore-tenant.ts";

const log = openLog({ level: "silent" });
let storage: Storage;
let host: BackedUpHost;
let copy: BackupLocation;
let moment: Date;

beforeAll(async () => {
  storage = await startStorage();
  const settings = { STRONGROOM_BACKUP_COPY: `s3://${storage.bucket}/second`, ...storage.environment };
  host = await openBackedUpHost(settings, storesOf);
  copy = host.backups.copy!;
  await addTenant(host, "maven");
  await host.backups.makeFull(host.server.connection, new Date());
  await add("first");
  await upload("early");
  moment = new Date();
  await add("second");
  await upload("late");
  await removeFile(storesOf(host.directory)[0]!, "t-database", nameOf("early"), new Date());
  await inBoth(await endSegment(host.server.connection));
}, 120_000);
afterAll(async () => {
  await host.close();
  await storage.close();
});

const add = (name: string) => note(host.tenancy, "maven", name);

const storesOf = (directory: string): FileStore[] => [
  { name: "attachments", root: join(directory, "files/attachments") },
];
const nameOf = (text: string): string => text.padEnd(26, "x");

async function upload(text: string): Promise<void> {
  const [store] = storesOf(host.directory);
  await keepFile(store!, "t-database", { name: nameOf(text) }, once(Buffer.from(text)));
  await delay(3);
}

const standing = async () => (await host.backups.status(new Date())).copy!;
const problems = async () => (await host.backups.status(new Date())).problems.map(({ code }) => code);
const nothingWaits = () =>
  vi.waitUntil(async () => (await standing()).waiting.files === 0, { timeout: 30_000, interval: 100 });

async function inBoth(segment: string): Promise<void> {
  for (const location of [host.backups.location, copy]) await waitForSegment(location, segment);
  await nothingWaits();
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

const recovery = () => {
  const { backups, tenancy, server } = host;
  return { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
};
const inFirst = (name: string) => join(host.backups.location.name, name);
const newestBase = async () =>
  `base/${(await host.backups.status(new Date())).bases.at(-1)?.label}/server.tar.zst`;

test("the copy holds every file of the first location, byte for byte, and the daily check opens both", async () => {
  const { location } = host.backups;
  for (const folder of ["wal", "base"]) {
    const inEach = () =>
      Promise.all(
        [location, copy].map(async (each) =>
          (await each.list(folder)).map(({ name, bytes }) => `${name} ${bytes}`).sort(),
        ),
      );
    expect((await inEach())[0]?.length).toBeGreaterThan(2);
    // What is shipped just now is in the copy a moment later.
    const differing = async () => {
      const [here, there] = await inEach();
      return here?.join() === there?.join() ? [] : [here, there];
    };
    await expect.poll(differing, { timeout: 20_000 }).toEqual([]);
  }
  expect(await host.backups.check(() => 0, new Date())).toMatch(
    /; in the copy (\d+) of \1 files were read whole, .* all of them opened\.$/,
  );
  expect(await standing()).toMatchObject({ waiting: { files: 0 }, differing: [], lost: [], late: false });
});

test("while the copy is away the backups go on, the status says what waits, and it is made up for", async () => {
  storage.fail("denied");
  await add("third");
  const segment = await endSegment(host.server.connection);
  await waitForSegment(host.backups.location, segment);
  await expect.poll(problems, { timeout: 20_000 }).toContain("copy_away");
  expect((await standing()).away).toContain("AWS_ACCESS_KEY_ID");
  storage.fail(undefined);
  await inBoth(segment);
  expect(await problems()).not.toContain("copy_away");
}, 60_000);

test("what waits too long, differs, or is lost in the first location is told by name", async () => {
  const name = await newestBase();
  const keep = await readFile(inFirst(name));
  await truncate(inFirst(name), 1_000);
  const later = (seconds: number) => new Date(Date.now() + seconds * 1_000);
  const told = async (code: string, at = new Date()) =>
    (await host.backups.status(at)).problems.find((each) => each.code === code)?.words;
  expect(await told("copy_differs")).toContain(`${name} differ in ${copy.name}`);
  await rm(inFirst(name));
  expect(await told("location_lacks")).toContain(name);
  await writeFile(inFirst(name), keep);
  expect(await told("location_lacks")).toBeUndefined();
  const stray = "wal/0000000100000000/0000000100000000000000FF.1";
  await writeFile(inFirst(stray), "not sealed");
  // What does not open is not copied, so that one damage does not become two.
  await expect.poll(() => told("copy_late", later(301)), { timeout: 20_000 }).toContain("1 files wait since");
  await rm(inFirst(stray));
  await nothingWaits();
}, 60_000);

test("a tenant is restored from the copy when the first location has lost files or is gone, and that is told", async () => {
  const part = await newestBase();
  await flip(inFirst(part));
  const drill = drillTenant(recovery(), { key: "maven", target: moment }, () => 0, new Date());
  await expect(drill).rejects.toThrow(
    /is equal, but only with the copy of the backups. .*server.tar.zst is damaged/,
  );
  expect(await problems()).toContain("base_broken");
  await flip(inFirst(part));
  await host.backups.check(() => 0, new Date());
  expect(await problems()).not.toContain("base_broken");
  const { name: folder } = host.backups.location;
  await rename(folder, `${folder}.gone`);
  await restoreTenant(recovery(), { key: "maven", target: moment }, new Date());
  expect(await noted(host.tenancy, "maven")).toEqual(["first"]);
  await rename(`${folder}.gone`, folder);
}, 90_000);

test("a server is recovered from the two locations together, and from the copy alone", async () => {
  await add("last");
  await inBoth(await endSegment(host.server.connection));
  process.kill(host.server.pid(), "SIGQUIT");
  await host.shipper.stop();
  const sheet = join(dirname(host.directory), "sheet.txt");
  await writeFile(sheet, await readFile(sheetPath(host.directory)));
  expect(await readFile(sheet, "utf8")).toContain(`copied to ${copy.name}`);
  const { name: from } = host.backups.location;
  await rm(join(from, "wal"), { recursive: true });
  const shared = { environment: storage.environment, sheet };
  const directory = join(dirname(host.directory), "again");
  const stores = storesOf(directory);
  const files = () => readdir(join(stores[0]!.root, "t-database"));
  const both = { ...shared, directory, from, copy: copy.name, target: moment, stores };
  const report = await recoverServer(both, log);
  expect(await files()).toEqual([nameOf("early")]);
  expect(report.turned.map(({ name }) => name.split("/")[0])).toContain("wal");
  await rm(directory, { recursive: true });
  await recoverServer({ ...shared, directory, from: copy.name, stores }, log);
  expect(await files()).toEqual([nameOf("late")]);
  const again = (await openBuiltIn(directory, storage.environment, new Date()))!;
  expect(again.location.name).toBe(copy.name);
  const shipper = again.startShipping!(log);
  const server = await startEmbeddedPostgres({ directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  expect(await noted(tenancy, "maven")).toEqual(["first", "last"]);
  await tenancy.close();
  await server.stop();
  await shipper.stop();
}, 120_000);
