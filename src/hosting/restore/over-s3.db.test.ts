import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFirstAdministrator } from "#features/users/index.ts";
import { openLog } from "#platform/log/index.ts";
import { startEmbeddedPostgres } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { note, noted } from "#testing/noted.ts";
import { startStorage, type Storage } from "#testing/s3-storage.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { openBackups, openBuiltIn } from "../backup/open-backups.ts";
import { sheetPath } from "../backup/recovery-sheet.ts";
import { startShipper } from "../backup/ship-wal.ts";
import { waitForSegment } from "../backup/wait-for-segment.ts";
import { recoverServer } from "./recover-server.ts";
import { restoreTenant } from "./restore-tenant.ts";

const log = openLog({ level: "silent" });
let storage: Storage;
let host: BackedUpHost;
let place: string;
let moment: Date;

beforeAll(async () => {
  storage = await startStorage();
  place = `s3://${storage.bucket}/our/server`;
  host = await openBackedUpHost({ STRONGROOM_BACKUP: place, ...storage.environment });
  await host.tenancy.createTenant({ key: "maven", name: "Maven" }, async (tenant) => {
    await host.tenancy.asOwner(tenant, (owner) =>
      createFirstAdministrator(owner, { name: "admin", fullName: "Ada" }),
    );
  });
  await host.backups.makeFull(host.server.connection, new Date());
  await add("first");
  moment = new Date();
  await add("second");
}, 120_000);
afterAll(async () => {
  await host.close();
  await storage.close();
});

const add = (name: string) => note(host.tenancy, "maven", name);

test("a tenant is taken back to a moment from backups on S3 storage", async () => {
  const { backups, tenancy, server } = host;
  const recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
  await restoreTenant(recovery, { key: "maven", target: moment }, new Date());
  expect(await noted(tenancy, "maven")).toEqual(["first"]);
}, 60_000);

test("the status copes with a storage that does not say how much room it has, and calls this machine's not separate", async () => {
  const { rooms, problems, location, storedBytes } = await host.backups.status(new Date());
  expect(location).toBe(place);
  expect(rooms?.backups).toBeUndefined();
  expect(rooms?.data.freeBytes).toBeGreaterThan(0);
  expect(storedBytes).toBeGreaterThan(0);
  expect(problems.map(({ code }) => code)).toEqual(["not_separate", "schedule_stopped"]);
});

test("storage on this very machine is refused as a separate place unless that is accepted", async () => {
  const directory = await mkdtemp(join(tmpdir(), "strongroom-same-machine-"));
  const environment = { STRONGROOM_BACKUP: `s3://${storage.bucket}/other`, ...storage.environment };
  await expect(openBackups(directory, environment, new Date())).rejects.toMatchObject({
    code: "same_disk",
    message: expect.stringContaining("storage on this very machine"),
  });
  await rm(directory, { recursive: true });
});

test("the data folder remembers the place and its address, and the key pair stands nowhere in it", async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = storage.environment;
  const known = await openBuiltIn(host.directory, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }, new Date());
  expect(known?.location.name).toBe(place);
  expect((await known?.newest())?.full).toBeDefined();
  await expect(openBuiltIn(host.directory, {}, new Date())).rejects.toThrow("set AWS_ACCESS_KEY_ID");
  const sheet = await readFile(sheetPath(host.directory), "utf8");
  expect(sheet).toContain(
    `${place} (set STRONGROOM_S3_ENDPOINT=${storage.environment["STRONGROOM_S3_ENDPOINT"]}`,
  );
  for (const name of await readdir(join(host.directory, "backup"), { recursive: true })) {
    const text = await readFile(join(host.directory, "backup", name), "latin1").catch(() => "");
    expect(text).not.toContain(AWS_SECRET_ACCESS_KEY);
  }
});

test("while the storage refuses, the log waits and the status says why; afterwards it is made up for", async () => {
  storage.fail("denied");
  const segment = await endSegment(host.server.connection);
  const problems = async () => (await host.backups.status(new Date())).problems.map(({ code }) => code);
  await expect.poll(problems, { timeout: 20_000 }).toContain("location_away");
  await expect
    .poll(async () => (await host.backups.status(new Date())).shipping.failure)
    .toContain("AWS_ACCESS_KEY_ID");
  storage.fail(undefined);
  await waitForSegment(host.backups.location, segment);
}, 60_000);

test("an empty machine recovers the server from S3 storage with the sheet and the key pair", async () => {
  await add("third");
  await waitForSegment(host.backups.location, await endSegment(host.server.connection));
  process.kill(host.server.pid(), "SIGQUIT");
  await host.shipper.stop();
  const sheet = join(dirname(host.directory), "sheet.txt");
  await writeFile(sheet, await readFile(sheetPath(host.directory)));
  const directory = join(dirname(host.directory), "again");
  const wanted = { directory, from: place, environment: storage.environment, sheet };
  await expect(recoverServer({ ...wanted, environment: {} }, log)).rejects.toThrow("STRONGROOM_S3_REGION");
  await expect(recoverServer({ ...wanted, from: `s3://${storage.bucket}/none` }, log)).rejects.toThrow(
    "holds no backups",
  );
  await recoverServer(wanted, log);
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = storage.environment;
  const keys = { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY };
  const shipper = startShipper((await openBuiltIn(directory, keys, new Date()))!, log);
  const server = await startEmbeddedPostgres({ directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  expect(await noted(tenancy, "maven")).toEqual(["first", "third"]);
  await tenancy.close();
  await server.stop();
  await shipper.stop();
}, 120_000);
