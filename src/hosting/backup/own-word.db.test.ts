import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import { archives, openServer, withClient, type Server } from "#platform/postgres/index.ts";
import { openHostKey } from "#platform/secrets/index.ts";
import { choreDue } from "../restore/schedule.ts";
import { stopArchiving } from "./archiving.ts";
import type { Backups } from "./backups.ts";
import { readKnown } from "./known-place.ts";
import { prepareBackups } from "./prepare-backups.ts";
import { readNotes } from "./run-notes.ts";

const log = openLog({ level: "silent" });
let folder: string;
let directory: string;
let named: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "strongroom-own-word-"));
  directory = join(folder, "data");
  await mkdir(directory);
  await openHostKey(directory);
  named = { STRONGROOM_BACKUP: join(folder, "backup"), STRONGROOM_BACKUP_SAME_DISK: "accept" };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Started = { server: Server; backups: Backups | undefined };

/** The server as a program with these settings starts it, its log shipped for as long as `work` lasts. */
async function started<Result>(environment: NodeJS.ProcessEnv, work: (started: Started) => Promise<Result>) {
  let backups: Backups | undefined;
  const prepare = async () => {
    backups = await prepareBackups(directory, environment, log, new Date());
  };
  const server = await openServer({ directory, log, prepare });
  const shipper = backups?.startShipping?.(log);
  try {
    return await work({ server, backups });
  } finally {
    await server.stop();
    await shipper?.stop();
  }
}

const write = ({ server }: Started) =>
  withClient(server.connection, (client) =>
    client.query("CREATE TABLE IF NOT EXISTS written (at timestamptz); INSERT INTO written VALUES (now())"),
  );

const due = async (backups: Backups) =>
  choreDue(
    {
      notes: await readNotes(directory),
      newest: await backups.newest(),
      oldestDrill: undefined,
      tenants: 0,
    },
    new Date(),
  );

const codes = async (backups: Backups) => (await backups.status(new Date())).problems.map(({ code }) => code);

test("what is written while something else starts the server, without settings, is in the archive too", async () => {
  await started(named, async (now) => {
    await now.backups!.makeFull(now.server.connection, new Date());
  });
  const moment = await started({}, async (now) => {
    await write(now);
    expect(now.backups).toBeDefined();
    await now.backups!.archiveAll(now.server.connection);
    return new Date();
  });
  await started(named, async ({ backups }) => {
    const { latest, gaps } = await backups!.window();
    expect(gaps).toEqual([]);
    expect(latest!.getTime()).toBeGreaterThan(moment.getTime() - 1_000);
    expect(await codes(backups!)).not.toContain("gap");
  });
});

test("a start that is refused because the program runs changes nothing of its backups", async () => {
  await started(named, async () => {
    const before = await readKnown(directory);
    const other = { STRONGROOM_BACKUP: join(folder, "other"), STRONGROOM_BACKUP_SAME_DISK: "accept" };
    for (const environment of [{}, other])
      await expect(started(environment, write)).rejects.toThrow("already runs");
    expect(archives(directory)).toBe(true);
    expect(await readKnown(directory)).toEqual(before);
  });
});

test("a server whose host stopped the backups is not archived; taken up again, the gap is told and a base backup is due at once", async () => {
  await stopArchiving(directory, new Date());
  await started({}, async (now) => {
    await write(now);
    await withClient(now.server.connection, (client) => client.query("SELECT pg_switch_wal()"));
    await write(now);
    expect(now.backups).toBeUndefined();
    expect(archives(directory)).toBe(false);
  });
  await started(named, async ({ server, backups }) => {
    expect(await codes(backups!)).toContain("gap");
    expect(await due(backups!)).toBe("now");
    await backups!.makeFull(server.connection, new Date());
    expect((await backups!.newest()).gapSince).toBeUndefined();
    expect((await backups!.window()).gaps).toHaveLength(1);
  });
});

test("a server whose backups hang somewhere starts all the same, and says so", async () => {
  const marker = join(folder, "backup/strongroom-backup.json");
  await rename(marker, `${marker}.aside`);
  // Whoever reads it waits for somebody who writes.
  execFileSync("mkfifo", [marker]);
  try {
    await started(named, async ({ server, backups }) => {
      await withClient(server.connection, (client) => client.query("SELECT 1"));
      expect(await codes(backups!)).toContain("location_away");
    });
  } finally {
    // Whoever still waits is let go.
    const writer = openSync(marker, constants.O_RDWR);
    await rename(`${marker}.aside`, marker);
    await delay(100);
    closeSync(writer);
  }
}, 60_000);
