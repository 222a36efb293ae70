import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { shippedFolder, withClient } from "#platform/postgres/index.ts";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { BackupError } from "./backup-error.ts";
import { endSegment } from "./base-backup.store.ts";
import { makeBaseBackup } from "./base-backup.ts";
import { stamp } from "./keyring.ts";
import { listLabels } from "./manifest.ts";
import { shipAll, startShipper } from "./ship-wal.ts";
import { backupStatus } from "./status.ts";
import { shippingOf } from "./shipping-notes.ts";
import { loadBytes } from "./store-file.ts";
import { waitForSegment } from "./wait-for-segment.ts";

const log = openLog({ level: "silent" });
let host: BackedUpHost;
/** A disk of its own, small enough to be filled, where the machine lets one be mounted. */
let disk: string;
let isOwnDisk: boolean;

beforeAll(async () => {
  disk = await mkdtemp(join(tmpdir(), "strongroom-small-disk-"));
  isOwnDisk = spawnSync("mount", ["-t", "tmpfs", "-o", "size=96m", "tmpfs", disk]).status === 0;
  host = await openBackedUpHost({ STRONGROOM_BACKUP: join(disk, "backup") });
}, 60_000);
afterAll(async () => {
  await host.close();
  if (isOwnDisk) spawnSync("umount", [disk]);
  await rm(disk, { recursive: true, force: true });
});

const labels = () => listLabels(host.backups.location);

/** Starts that part of the backups as a program of its own and kills it as soon as it has come that far. */
async function killWhen(part: "base" | "log", isThere: () => Promise<boolean>): Promise<void> {
  const program = join(import.meta.dirname, "../../testing/backup-to-kill.ts");
  const child = spawn(process.execPath, [program, host.directory, part], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  while (child.exitCode === null && !(await isThere())) await delay(1);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

async function whenFree<Made>(make: () => Promise<Made>): Promise<Made> {
  for (;;)
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof BackupError) || error.code !== "busy") throw error;
      await delay(100);
    }
}

const steps: { step: string; isAt: (label: string) => Promise<boolean>; waits: boolean }[] = [
  { step: "it copies", isAt: async () => true, waits: false },
  {
    step: "everything is copied and it waits for the log",
    isAt: async (label) =>
      (await readdir(join(host.backups.location.name, "base", label))).includes("secrets"),
    waits: true,
  },
];

test.each(steps)(
  "a base backup killed while $step is none, and the next one is whole and clears it away",
  async ({ isAt, waits }) => {
    const { whole } = await labels();
    // A label is a second; the newest one may lie ahead.
    await expect.poll(() => stamp(new Date()) > (whole.at(-1) ?? ""), { timeout: 5_000 }).toBe(true);
    if (waits) await host.shipper.stop();
    await killWhen("base", async () => {
      const [label] = (await labels()).cutOff;
      return label !== undefined && (await isAt(label));
    });
    if (waits) host.shipper = startShipper(host.backups, log);
    expect(await labels()).toMatchObject({ whole, cutOff: [expect.any(String)] });
    // The server may take a moment to notice that the killed one is gone.
    const made = await whenFree(() =>
      makeBaseBackup(host.backups, host.server.connection, new Date(Date.now() + 1_000)),
    );
    expect(await labels()).toEqual({ whole: [...whole, made.label], cutOff: [] });
  },
  60_000,
);

test("shipping killed in the middle of a file leaves none of it, and the next one brings it whole", async () => {
  const { backups, server, directory } = host;
  const { location, keyring } = backups;
  const filesOf = async (segment: string) =>
    (await location.list("wal")).map(({ name }) => name).filter((name) => name.includes(segment));
  const beginningsOf = async (segment: string) =>
    (await readdir(location.name, { recursive: true })).filter((name) => name.includes(segment));
  await host.shipper.stop();
  await withClient(server.connection, (client) =>
    client.query("SELECT pg_logical_emit_message(true, 'test', $1::bytea)", [randomBytes(14_000_000)]),
  );
  const segment = await endSegment(server.connection);
  await killWhen("log", async () => (await beginningsOf(segment)).length > 0);
  expect(await filesOf(segment)).toEqual([]);
  expect(await beginningsOf(segment)).toHaveLength(1);
  const written = await readFile(join(directory, "postgres/pg_wal", segment));
  host.shipper = startShipper(backups, log);
  await waitForSegment(location, segment);
  const [file = ""] = await filesOf(segment);
  const content = await loadBytes(location, keyring, file);
  expect(content.equals(written.subarray(0, content.length))).toBe(true);
  expect(written.subarray(content.length).every((byte) => byte === 0)).toBe(true);
}, 60_000);

test("a file that was shipped by a program killed before it marked it is marked, and not brought twice", async () => {
  const { backups, server, directory } = host;
  await host.shipper.stop();
  const segment = await endSegment(server.connection);
  // The server acts upon a mark at once: it is made where the server does not look.
  const elsewhere = await mkdtemp(join(tmpdir(), "strongroom-unmarked-"));
  await mkdir(shippedFolder(elsewhere));
  const written = "postgres/pg_wal";
  await cp(join(directory, written), join(elsewhere, written), { recursive: true, preserveTimestamps: true });
  await shipAll({ ...backups, directory: elsewhere });
  await rm(elsewhere, { recursive: true });
  const before = await backups.location.list("wal");
  expect(before.some(({ name }) => name.includes(segment))).toBe(true);
  expect(await shippingOf(directory)).toMatchObject({ waitingFiles: 1 });
  await shipAll(backups);
  expect(await shippingOf(directory)).toMatchObject({ waitingFiles: 0 });
  expect(await backups.location.list("wal")).toEqual(before);
  host.shipper = startShipper(backups, log);
}, 60_000);

test("a backup disk that is full fails the base backup and holds the log back, in words, and both are made up for", async ({
  skip,
}) => {
  if (!isOwnDisk) skip("No disk of its own could be mounted (mount -t tmpfs, as root).");
  const { backups, server } = host;
  const { whole } = await labels();
  const filler = join(disk, "filler");
  const { bavail, bsize } = await statfs(disk);
  await writeFile(filler, Buffer.alloc(bavail * bsize - 300_000));
  await expect(
    makeBaseBackup(backups, server.connection, new Date(Date.now() + 2_000)),
  ).rejects.toMatchObject({ code: "location_full", message: expect.stringContaining("full") });
  expect(await labels()).toEqual({ whole, cutOff: [] });
  await writeFile(join(disk, "rest"), Buffer.alloc(10_000_000)).catch(() => undefined);
  const segment = await endSegment(server.connection);
  const codes = async () => (await backupStatus(backups, new Date())).problems.map(({ code }) => code);
  await expect.poll(codes, { timeout: 10_000 }).toContain("shipping_failed");
  for (const name of [filler, join(disk, "rest")]) await rm(name, { force: true });
  await waitForSegment(backups.location, segment);
  await expect.poll(codes, { timeout: 10_000 }).not.toContain("shipping_failed");
  const made = await makeBaseBackup(backups, server.connection, new Date(Date.now() + 3_000));
  expect(await labels()).toEqual({ whole: [...whole, made.label], cutOff: [] });
}, 60_000);
