import { cp, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { builtInBackups } from "../backup/built-in.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { listLabels } from "../backup/manifest.ts";
import { checkBackups } from "../backup/daily.ts";
import { folderPlace } from "../backup/folder-location.ts";
import { backupStatus } from "../backup/status.ts";
import { stamp } from "../backup/keyring.ts";
import { startShipper } from "../backup/ship-wal.ts";
import { waitForSegment } from "../backup/wait-for-segment.ts";
import { restoreTenant } from "./restore-tenant.ts";

const log = openLog({ level: "silent" });
let host: BackedUpHost;
let moment: Date;
let databases: string[];
const copies: string[] = [];

beforeAll(async () => {
  host = await openBackedUpHost();
  const tenant = await host.tenancy.createTenant({ key: "maven", name: "Maven" });
  await makeBaseBackup(host.backups, host.server.connection, new Date());
  for (const name of ["a", "b", "c"]) {
    await host.tenancy.asOwner(tenant, (owner) =>
      owner.query("INSERT INTO access.territory (name) VALUES ($1)", [name]),
    );
    await delay(3);
    moment = new Date();
    await waitForSegment(host.backups.location, await endSegment(host.server.connection));
  }
  databases = await allDatabases();
}, 120_000);
afterAll(async () => {
  for (const copy of copies) await rm(copy, { recursive: true, force: true });
  await host.close();
});

const allDatabases = async (): Promise<string[]> => {
  const { rows } = await host.tenancy.registry.query("SELECT datname FROM pg_database ORDER BY 1");
  return rows.map(({ datname }) => datname);
};

/** The same backups somewhere else, to be damaged. */
async function copied() {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-damaged-"));
  copies.push(folder);
  await cp(host.backups.location.name, folder, { recursive: true });
  const place = folderPlace(folder);
  const location = place.open((await place.identity()) ?? "");
  const label = (await listLabels(location)).whole[0] ?? "";
  const segments = (await readdir(join(folder, "wal/0000000100000000")))
    .sort()
    .map((name) => join(folder, "wal/0000000100000000", name));
  return {
    backups: builtInBackups({ ...host.backups, location }),
    base: join(folder, "base", label),
    segments,
  };
}

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

type Copied = Awaited<ReturnType<typeof copied>>;

const damages: { what: string; damage: (copy: Copied) => Promise<void>; because: RegExp }[] = [
  {
    what: "a missing log file",
    damage: ({ segments }) => rm(segments.at(-2)!),
    because: /after the last moment/,
  },
  {
    what: "a cut log file",
    damage: ({ segments }) => truncate(segments.at(-2)!, 100),
    because: /wal\/.* was cut: 100 of \d+ bytes/,
  },
  {
    what: "a flipped bit in a log file",
    damage: ({ segments }) => flip(segments.at(-2)!),
    because: /wal\/.* is damaged: it was changed/,
  },
  {
    what: "another log file in its place",
    damage: ({ segments }) => cp(segments.at(-3)!, segments.at(-2)!),
    because: /wal\/.* was cut/,
  },
  {
    what: "a flipped bit in the base backup",
    damage: async ({ base }) => flip(join(base, "server.tar.zst")),
    because: /server.tar.zst is damaged/,
  },
  {
    what: "a missing archive",
    damage: async ({ base }) => rm(join(base, "server.tar.zst")),
    because: /server.tar.zst is missing/,
  },
  {
    what: "a manifest that was cut",
    damage: async ({ base }) => truncate(join(base, "manifest"), 60),
    because: /No base backup opens: The backup file .*manifest is damaged/,
  },
];

test.each(damages)(
  "a restore from backups with $what is refused by name, and nothing is switched or left",
  async ({ damage, because }) => {
    const copy = await copied();
    await damage(copy);
    const before = await host.tenancy.show("maven");
    const recovery = {
      backups: copy.backups,
      tenancy: host.tenancy,
      connection: host.server.connection,
      log,
      requestedBy: "test",
    };
    // The log's head is not asked for: the copy is not where the server ships to.
    await expect(
      restoreTenant(recovery, { key: "maven", target: new Date(moment.getTime() - 1) }, new Date()),
    ).rejects.toThrow(because);
    expect(await host.tenancy.show("maven")).toEqual(before);
    expect(await allDatabases()).toEqual(databases);
    expect(await readdir(join(host.directory, "scratch")).catch(() => [])).toEqual([]);
  },
  60_000,
);

test("the daily check notices a damaged backup, and the status says so", async () => {
  const copy = await copied();
  await flip(join(copy.base, "server.tar.zst"));
  await expect(checkBackups(copy.backups, new Date())).rejects.toThrow("server.tar.zst is damaged");
  const { problems } = await backupStatus(copy.backups, new Date());
  expect(problems.map(({ code }) => code)).toEqual(expect.arrayContaining(["check_failed", "not_separate"]));
});

test("a location that vanishes in the middle of a backup fails it, holds the log back, and both are made up for", async () => {
  const { backups, server } = host;
  const { name: folder } = backups.location;
  const labels = (await listLabels(backups.location)).whole;
  const backup = makeBaseBackup(backups, server.connection, new Date()).then(
    () => "made",
    (error: { code: string }) => error.code,
  );
  while ((await listLabels(backups.location)).cutOff.length === 0) await delay(2);
  await rename(folder, `${folder}.unmounted`);
  expect(await backup).toBe("location_away");
  const segment = await endSegment(server.connection);
  expect((await backupStatus(backups, new Date())).problems).toMatchObject([{ code: "location_away" }]);
  await rm(folder, { recursive: true, force: true });
  await rename(`${folder}.unmounted`, folder);
  await waitForSegment(backups.location, segment);
  const made = await makeBaseBackup(backups, server.connection, new Date(Date.now() + 1_000));
  expect(await listLabels(backups.location)).toEqual({ whole: [...labels, made.label], cutOff: [] });
}, 60_000);

const isCopied = async (label: string): Promise<boolean> =>
  (await readdir(join(host.backups.location.name, "base", label))).includes("secrets");

test("a second base backup is refused until the first one is whole, and takes nothing of it away", async () => {
  const { backups, server } = host;
  await host.shipper.stop();
  const now = new Date(Date.now() + 5_000);
  const first = makeBaseBackup(backups, server.connection, now);
  // All is copied, and it waits for the log.
  while (!(await listLabels(backups.location)).cutOff.includes(stamp(now)) || !(await isCopied(stamp(now))))
    await delay(5);
  await expect(makeBaseBackup(backups, server.connection, now)).rejects.toMatchObject({ code: "busy" });
  host.shipper = startShipper(backups, log);
  const { parts, label } = await first;
  for (const { name } of parts)
    expect(await readdir(join(backups.location.name, "base", label))).toContain(`${name}.tar.zst`);
}, 60_000);
