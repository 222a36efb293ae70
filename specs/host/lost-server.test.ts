import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFirstAdministrator } from "#features/users/index.ts";
import { withClient, joinServer } from "#platform/postgres/index.ts";
import { openLog } from "#platform/log/index.ts";
import { loseServer, withTenancy, type Loss } from "#testing/lost-server.ts";
import { RunningHost } from "#testing/running-host.ts";

const archiveSeconds = 1;
// Shipping a file and a busy machine; the promise itself is a minute at fifty seconds a file.
const slackSeconds = 10;

let folder: string;
let host: RunningHost;
let password: string;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "strongroom-lost-"));
  environment = {
    STRONGROOM_BACKUP: join(folder, "backup"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
    STRONGROOM_DEMO: "off",
  };
  host = await RunningHost.start(environment, join(folder, "0"));
  await cp(join(folder, "0/backup/recovery-sheet.txt"), join(folder, "sheet.txt"));
  password = await withTenancy(host.directory, async (tenancy) => {
    let made = "";
    await tenancy.createTenant({ key: "maven", name: "Maven" }, async (tenant) => {
      made = await tenancy.asOwner(tenant, async (owner) => {
        const administrator = await createFirstAdministrator(owner, { name: "admin", fullName: "Ada" });
        return administrator.password;
      });
    });
    return made;
  });
  const hasBase = async () => existsSync(join(folder, "backup/base")) && (await wholeBases()).length > 0;
  while (!(await hasBase())) await delay(100);
}, 60_000);
/** The same as every fifty seconds, sooner, so that three times fit into a test. */
async function archiveSooner(): Promise<void> {
  const server = await joinServer({ directory: host.directory, log: openLog({ level: "silent" }) });
  await withClient(server.connection, async (client) => {
    await client.query(`ALTER SYSTEM SET archive_timeout = '${archiveSeconds}s'`);
    await client.query("SELECT pg_reload_conf()");
  });
}

const wholeBases = async (): Promise<string[]> =>
  (await readdir(join(folder, "backup/base"), { recursive: true })).filter((name) =>
    name.endsWith("/manifest"),
  );
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true, force: true });
});

test("three times everything is killed under load and the data deleted: what the archive holds comes back, no more than seconds are lost", async () => {
  const losses: Loss[] = [];
  for (const round of [1, 2, 3]) {
    await archiveSooner();
    const lost = await loseServer(host, {
      tenant: "maven",
      password,
      writers: 2,
      afterSeconds: 1 + 2 * Math.random(),
      from: join(folder, "backup"),
      sheet: join(folder, "sheet.txt"),
      directory: join(folder, String(round)),
      environment,
    });
    host = lost.host;
    losses.push(lost.loss);
  }
  for (const loss of losses) {
    expect(loss.acknowledged).toBeGreaterThan(0);
    expect(loss.missingBeforeArchived).toBe(0);
    expect(loss.secondsLost).toBeLessThan(archiveSeconds + slackSeconds);
    expect(loss.archiveAgeSeconds).toBeLessThan(archiveSeconds + slackSeconds);
  }
}, 90_000);
