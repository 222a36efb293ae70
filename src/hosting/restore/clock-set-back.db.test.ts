import { utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { startEmbeddedPostgres } from "#platform/postgres/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { underClock, type TurnedServer } from "#testing/turned-clock.ts";
import { note, noted } from "#testing/noted.ts";
import type { BackupError } from "../backup/backup-error.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { shipAll, startShipper } from "../backup/ship-wal.ts";
import { readyFiles } from "../backup/shipping-notes.ts";
import { sheetPath } from "../backup/recovery-sheet.ts";
import { openBuiltIn } from "../backup/open-backups.ts";
import { backupStatus } from "../backup/status.ts";
import { recoverServer } from "./recover-server.ts";
import { restoreTenant } from "./restore-tenant.ts";

const log = openLog({ level: "silent" });
const hour = 3_600_000;

/** An hour ahead until it is set right; every clock the server and its files know. */
let ahead = hour;
const clock = () => new Date(Date.now() + ahead);
let host: BackedUpHost;
let server: TurnedServer;
let between: Date;
let afterwards: Date;
const shipping = new AbortController();
let shipped: Promise<void>;

/** Ships as the host does, but that a file's time is that of the clock. */
async function shipByClock(): Promise<void> {
  const seen = new Set<string>();
  while (!shipping.signal.aborted) {
    for (const name of await readyFiles(host.directory)) {
      const path = join(host.directory, "postgres/pg_wal", name);
      if (!seen.has(name)) await utimes(path, clock(), clock());
      seen.add(name);
    }
    // A server recovered from the backups has taken them over in the end.
    await shipAll(host.backups).catch((error: BackupError) => expect(error.code).toBe("location_taken"));
    await delay(50);
  }
}

const add = (name: string) => note(host.tenancy, "maven", name);

beforeAll(async () => {
  host = await openBackedUpHost();
  await addTenant(host, "maven");
  await host.server.stop();
  await host.shipper.stop();
  const file = join(dirname(host.directory), "clock");
  const setClock = (milliseconds: number) => writeFile(file, `+${milliseconds / 1_000}s`);
  await setClock(ahead);
  server = await underClock(host.directory, file);
  shipped = shipByClock();
  const { backups } = host;
  const { connection } = host.server;
  await makeBaseBackup(backups, connection, clock());
  await add("first");
  between = clock();
  await add("second");
  await backups.archiveAll(connection);
  await setClock((ahead = 0));
  await add("third");
  await backups.archiveAll(connection);
  await makeBaseBackup(backups, connection, clock());
  await add("fourth");
  afterwards = clock();
  await add("fifth");
  await backups.archiveAll(connection);
}, 120_000);
afterAll(async () => {
  await server.stop();
  shipping.abort();
  await shipped;
  await host.close();
});

const restored = async (target: Date): Promise<string[]> => {
  const { backups, tenancy } = host;
  const recovery = { backups, tenancy, connection: host.server.connection, log, requestedBy: "test" };
  // An hour later, when the clock has been there again.
  const now = new Date(Date.now() + 2 * hour);
  const key = `at-${target.getTime()}`;
  await restoreTenant(recovery, { key: "maven", target, as: key }, now);
  return noted(tenancy, key);
};

test("a moment before the clock was set back is restored as ever", async () => {
  expect(await restored(between)).toEqual(["first"]);
}, 60_000);

test("a moment after it has everything of before, once a base backup was made", async () => {
  expect(await restored(afterwards)).toEqual(["first", "second", "third", "fourth"]);
}, 60_000);

test("the status names the hour that happened twice", async () => {
  const { problems, clockSetBack } = await backupStatus(host.backups, clock());
  expect(clockSetBack).toHaveLength(1);
  const [{ from, to }] = clockSetBack as [{ from: string; to: string }];
  expect(Math.abs(Date.parse(from) - Date.parse(to) - hour)).toBeLessThan(60_000);
  const words = problems.find(({ code }) => code === "clock_set_back")?.words;
  expect(words).toContain(`${from} to ${to}. What lies between happened twice`);
});

test("a server that is lost then loses nothing: everything in the log comes back", async () => {
  const directory = join(dirname(host.directory), "again");
  const { name } = host.backups.location;
  await recoverServer({ directory, from: name, sheet: sheetPath(host.directory) }, log);
  const ownShipper = startShipper((await openBuiltIn(directory, {}, new Date()))!, log);
  const again = await startEmbeddedPostgres({ directory, log });
  const tenancy = await openTenancy({ server: again, dataDirectory: directory, domain: "localhost", log });
  try {
    expect(await noted(tenancy, "maven")).toEqual(["first", "second", "third", "fourth", "fifth"]);
  } finally {
    await tenancy.close();
    await again.stop();
    await ownShipper.stop();
  }
}, 60_000);
