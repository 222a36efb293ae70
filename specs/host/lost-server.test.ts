import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withClient, joinServer } from "#platform/postgres/index.ts";
import { openLog } from "#platform/log/index.ts";
import { hostToLose, loseServer, type Loss } from "#testing/lost-server.ts";
import type { RunningHost } from "#testing/running-host.ts";

const archiveSeconds = 1;
// Shipping a file and a busy machine; the promise itself is a minute at fifty seconds a file.
const slackSeconds = 10;

let folder: string;
let host: RunningHost;
let plan: Awaited<ReturnType<typeof hostToLose>>["plan"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "strongroom-lost-"));
  ({ host, plan } = await hostToLose(folder));
}, 60_000);
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true, force: true });
});

/** The same as every fifty seconds, sooner, so that three times fit into a test. */
async function archiveSooner(): Promise<void> {
  const server = await joinServer({ directory: host.directory, log: openLog({ level: "silent" }) });
  await withClient(server.connection, async (client) => {
    await client.query(`ALTER SYSTEM SET archive_timeout = '${archiveSeconds}s'`);
    await client.query("SELECT pg_reload_conf()");
  });
}

test("three times everything is killed under load and the data deleted: what the archive holds comes back, no more than seconds are lost", async () => {
  const losses: Loss[] = [];
  for (const round of [1, 2, 3]) {
    await archiveSooner();
    const lost = await loseServer(host, {
      ...plan,
      writers: 2,
      afterSeconds: 1 + 2 * Math.random(),
      directory: join(folder, String(round)),
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
