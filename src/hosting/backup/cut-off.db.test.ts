import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { endSegment } from "./base-backup.store.ts";
import { makeBaseBackup } from "./base-backup.ts";
import { stamp } from "./keyring.ts";
import { listLabels } from "./manifest.ts";
import { startShipper } from "./ship-wal.ts";
import { backupStatus } from "./status.ts";
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
    const program = join(import.meta.dirname, "../../testing/backup-to-kill.ts");
    const child = spawn(process.execPath, [program, host.directory], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const isCopying = async () => {
      const [label] = (await labels()).cutOff;
      return label !== undefined && (await isAt(label));
    };
    while (child.exitCode === null && !(await isCopying())) await delay(2);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    if (waits) host.shipper = startShipper(host.backups, log);
    expect(await labels()).toMatchObject({ whole, cutOff: [expect.any(String)] });
    const made = await makeBaseBackup(host.backups, host.server.connection, new Date(Date.now() + 1_000));
    expect(await labels()).toEqual({ whole: [...whole, made.label], cutOff: [] });
  },
  60_000,
);

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
