import { cp, mkdtemp, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { builtInBackups } from "../backup/built-in.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { folderPlace } from "../backup/folder-location.ts";
import { sheetPath } from "../backup/recovery-sheet.ts";
import { waitForSegment } from "../backup/wait-for-segment.ts";
import { drillTenant } from "./drill.ts";
import { recoverServer } from "./recover-server.ts";
import { restoreTenant } from "./restore-tenant.ts";

const log = openLog({ level: "silent" });
let host: BackedUpHost;
let older: string;
let newer: string;
let moment: Date;
let folder: string;

beforeAll(async () => {
  host = await openBackedUpHost();
  await addTenant(host, "maven");
  const { backups, server } = host;
  older = (await makeBaseBackup(backups, server.connection, new Date())).label;
  await add("a");
  newer = (await makeBaseBackup(backups, server.connection, new Date(Date.now() + 1_000))).label;
  await add("b");
  // Nearer than a second to its end the newer one would not be tried first.
  await delay(1_100);
  moment = new Date();
  await add("c");
  await waitForSegment(backups.location, await endSegment(server.connection));
}, 120_000);
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(() => host.close());

async function add(name: string): Promise<void> {
  const tenant = await host.tenancy.show("maven");
  await host.tenancy.asOwner(tenant, (owner) =>
    owner.query("INSERT INTO access.territory (name) VALUES ($1)", [name]),
  );
}

const territories = async (): Promise<string[]> =>
  host.tenancy.asOwner(await host.tenancy.show("maven"), async (owner) => {
    const { rows } = await owner.query("SELECT name FROM access.territory WHERE id > 0 ORDER BY id");
    return rows.map(({ name }) => name);
  });

/** The same backups somewhere else, to be damaged; `part` is the archive every restore needs. */
async function copied() {
  folder = await mkdtemp(join(tmpdir(), "strongroom-damaged-"));
  await cp(host.backups.location.name, folder, { recursive: true });
  const place = folderPlace(folder);
  const location = place.open((await place.identity()) ?? "");
  const backups = builtInBackups({ ...host.backups, location });
  const part = (label: string) => join(folder, "base", label, "server.tar.zst");
  const { tenancy, server } = host;
  const recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
  return { backups, part, recovery };
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

test("a restore takes the next older base backup when the newer one was changed, and says so until it opens again", async () => {
  const { backups, part, recovery } = await copied();
  const sound = await readFile(part(newer));
  await flip(part(newer));
  const { baseBackup, passedOver } = await restoreTenant(
    recovery,
    { key: "maven", target: moment },
    new Date(),
  );
  expect(await territories()).toEqual(["a", "b"]);
  expect(baseBackup).toBe(older);
  const reason = expect.stringMatching(`base/${newer}/server.tar.zst is damaged`);
  expect(passedOver).toEqual([{ label: newer, reason }]);
  const broken = async () =>
    (await backups.status(new Date())).problems.filter(({ code }) => code === "base_broken");
  expect(await broken()).toEqual([{ code: "base_broken", words: reason }]);
  // The daily check opens the archive of a database this time, and still the damage is not forgotten.
  await expect(backups.check(() => 0, new Date())).rejects.toThrow("server.tar.zst is damaged");
  // Other files than were tried are not called damaged, and are tried at once.
  const another = Buffer.from(sound);
  another[another.length >> 2]! ^= 1;
  await writeFile(part(newer), another);
  expect([await broken(), (await backups.newest()).repaired]).toEqual([[], true]);
  await expect(backups.check(() => 0, new Date())).rejects.toThrow("server.tar.zst is damaged");
  expect((await backups.newest()).repaired).toBeUndefined();
  await writeFile(part(newer), sound);
  expect([await broken(), (await backups.newest()).repaired]).toEqual([[], true]);
  await backups.check(() => 0, new Date());
  expect([await broken(), (await backups.newest()).repaired]).toEqual([[], undefined]);
}, 60_000);

test("a drill that had to take the older base backup is an alarm, though the tenant is equal", async () => {
  const { part, recovery } = await copied();
  await cp(part(older), part(newer));
  const drill = drillTenant(recovery, { key: "maven", target: moment }, () => 0, new Date());
  await expect(drill).rejects.toThrow(
    new RegExp(
      `is equal, but only from the older base backup ${older}. .*${newer}/server.tar.zst is damaged: .*another name`,
    ),
  );
}, 60_000);

test.each([
  { what: "archive is missing", damage: (part: string) => rm(part), because: "is missing" },
  {
    what: "manifest was cut",
    damage: (part: string) => truncate(join(dirname(part), "manifest"), 60),
    because: "manifest is damaged: its end is missing",
  },
])(
  "a whole server is recovered from the older base backup when the newer one's $what",
  async ({ damage, because }) => {
    const { part } = await copied();
    await damage(part(newer));
    const directory = join(dirname(host.directory), "again");
    const sheet = join(dirname(host.directory), "sheet.txt");
    await cp(sheetPath(host.directory), sheet);
    const report = await recoverServer({ directory, from: folder, sheet, target: moment }, log);
    expect(report).toMatchObject({
      baseBackup: older,
      passedOver: [{ label: newer, reason: expect.stringContaining(because) }],
    });
    expect(report.lastCommit! <= moment.toISOString()).toBe(true);
    await rm(directory, { recursive: true });
  },
  60_000,
);

test("when no base backup opens the restore is refused with the reason of each; one that went away is not called damaged", async () => {
  const { backups, part, recovery } = await copied();
  await truncate(part(newer), 100);
  await rm(part(older));
  const restore = () => restoreTenant(recovery, { key: "maven", target: moment }, new Date());
  const [cut, missing] = [`${newer}/server.tar.zst is damaged`, `${older}/server.tar.zst is missing`];
  await expect(restore()).rejects.toThrow(
    new RegExp(`No base backup from which this moment can be reached opens. .*${cut}.*${missing}`),
  );
  await host.backups.check(() => 0, new Date());
  const { location } = backups;
  const read: typeof location.read = async function* (name) {
    if (name.endsWith("server.tar.zst")) await rename(folder, `${folder}.unmounted`);
    yield* location.read(name);
  };
  const vanishing = { ...recovery, backups: builtInBackups({ ...backups, location: { ...location, read } }) };
  const vanished = restoreTenant(vanishing, { key: "maven", target: moment }, new Date());
  await expect(vanished).rejects.toMatchObject({ code: "location_away" });
  await rm(`${folder}.unmounted`, { recursive: true });
  expect((await host.backups.status(new Date())).broken).toEqual([]);
}, 60_000);
