import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RunningHost } from "#testing/running-host.ts";

let folder: string;
let host: RunningHost;
let environment: NodeJS.ProcessEnv;

// The host's own program that is told of every alert: here it writes them down.
const alertProgram = '#!/bin/sh\ncat >> "$ALERTS"\n';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "strongroom-health-"));
  await writeFile(join(folder, "alert"), alertProgram, { mode: 0o755 });
  environment = {
    STRONGROOM_BACKUP: join(folder, "backup"),
    STRONGROOM_BACKUP_COPY: join(folder, "copy"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
    STRONGROOM_DEMO: "off",
    STRONGROOM_LOG: "warn",
    STRONGROOM_WATCH_SECONDS: "1",
    STRONGROOM_ALERT: join(folder, "alert"),
    ALERTS: join(folder, "alerts"),
  };
  host = await RunningHost.start(environment, join(folder, "data"));
}, 60_000);
afterAll(async () => {
  await host.end();
  await rm(folder, { recursive: true, force: true });
});

const ask = (path: string) => host.ask("nobody", "GET", path, { headers: { host: "127.0.0.1" } });

async function alerts(): Promise<string[]> {
  const lines = (await readFile(join(folder, "alerts"), "utf8").catch(() => "")).trim().split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { code: string; state: string })
    .map(({ code, state }) => `${code} ${state}`);
}

test("a load balancer hears that the program lives and is ready", async () => {
  expect((await ask("/health/live")).body).toEqual({ live: true });
  expect((await ask("/health/ready")).body).toEqual({ ready: true, reasons: [] });
});

test("the host's monitoring reads how backups, disks, database and requests stand", async () => {
  await expect
    .poll(async () => (await ask("/metrics")).text, { timeout: 40_000, interval: 1_000 })
    .toContain("strongroom_base_backup_age_seconds");
  const { text, headers } = await ask("/metrics");
  expect(headers["content-type"]).toContain("text/plain");
  const values = new Map(
    text
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .map((line) => line.split(/ (?=[^ ]+$)/) as [string, string]),
  );
  const value = (name: string) => Number(values.get(`strongroom_${name}`));
  expect(value("base_backup_age_seconds")).toBeLessThan(60);
  expect(value("archive_lag_seconds")).toBeLessThan(60);
  expect(value("database_up")).toBe(1);
  expect(value("database_connections")).toBeGreaterThan(0);
  expect(value("database_connections_max")).toBeGreaterThan(value("database_connections"));
  expect(value('disk_free_bytes{disk="data"}')).toBeGreaterThan(0);
  expect(value('disk_free_bytes{disk="backups"}')).toBeGreaterThan(0);
  expect(value('jobs{state="failed"}')).toBe(0);
  expect(value("drills_failed")).toBe(0);
  expect(value('controls{state="broken"}')).toBe(0);
  expect(value('problem{code="not_separate"}')).toBe(1);
  expect(value('problem{code="copy_not_separate"}')).toBe(1);
  expect(value("backup_copy_up")).toBe(1);
  expect(value("backup_copy_unlike")).toBe(0);
  expect(value('http_request_seconds_count{status="2xx"}')).toBeGreaterThan(2);
}, 60_000);

test("each problem is logged and told to the host's program once when it appears and once when it is gone", async () => {
  const backup = join(folder, "backup");
  await expect.poll(alerts, { timeout: 15_000 }).toContain("not_separate appeared");
  await rename(backup, `${backup}.unmounted`);
  await expect.poll(alerts, { timeout: 15_000 }).toContain("location_away appeared");
  await rename(`${backup}.unmounted`, backup);
  await expect.poll(alerts, { timeout: 15_000 }).toContain("location_away gone");
  const told = await alerts();
  expect(told.filter((each) => each.startsWith("location_away"))).toHaveLength(2);
  expect(host.output).toContain('"code":"location_away","state":"appeared"');
  expect(host.output).toContain('"code":"location_away","state":"gone"');
}, 60_000);

async function statusWords(): Promise<string> {
  const child = spawn(process.execPath, ["src/apps/cli/strongroom.ts", "status"], {
    env: { ...process.env, STRONGROOM_DATA: host.directory },
  });
  let words = "";
  child.stdout.on("data", (chunk: Buffer) => (words += chunk.toString()));
  await once(child, "close");
  return words;
}

test("strongroom status says the same in words", async () => {
  const words = await statusWords();
  for (const line of [
    /^Database +\d+ of \d+ connections taken$/m,
    /^Drills +0 of 0 tenants proved restorable; 0 failed, 0 overdue$/m,
    /^Window +\S+Z to \S+Z \(\d+ s ago\)$/m,
    /! The backups are not separate/,
    /^Copy +\S+copy \(not separate\), /m,
  ])
    expect(words).toMatch(line);
});

const postmaster = async () =>
  Number((await readFile(join(host.directory, "postgres/postmaster.pid"), "utf8")).split("\n")[0]);

test.each([
  {
    what: "the program",
    pid: async () => host.pid,
    says: /! Strongroom runs \(process \S+\) and does not answer/,
  },
  { what: "the database", pid: postmaster, says: /! The database does not answer/ },
])("strongroom status names $what when it hangs, and does not hang with it", async ({ pid, says }) => {
  const hanging = await pid();
  process.kill(hanging, "SIGSTOP");
  try {
    expect(await statusWords()).toMatch(says);
  } finally {
    process.kill(hanging, "SIGCONT");
  }
});
