import { readdir, readFile, rm } from "node:fs/promises";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RunningHost } from "#testing/running-host.ts";

let folder: string;
let host: RunningHost;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "strongroom-orphans-"));
});
afterAll(async () => {
  await host?.end();
  await rm(folder, { recursive: true, force: true });
});

/** The host's own commands that work on that data folder now, by number. */
async function chores(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    const read = (what: string) => readFile(`/proc/${pid}/${what}`, "utf8").catch(() => "");
    if (!(await read("cmdline")).includes("cli/strongroom.ts")) continue;
    if ((await read("environ")).includes(`STRONGROOM_DATA=${join(folder, "data")}`)) found.push(pid);
  }
  return found;
}

test("a chore ends with the program that was killed, so that the folder is free and the next start goes through", async () => {
  const environment = {
    STRONGROOM_BACKUP: join(folder, "backup"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
    STRONGROOM_DEMO: "off",
  };
  host = await RunningHost.start(environment, join(folder, "data"));
  // The first base backup is due at once.
  while ((await chores()).length === 0) await delay(1);
  await host.end("SIGKILL");
  await expect.poll(chores, { timeout: 10_000 }).toEqual([]);
  await host.start();
  expect(host.output).not.toContain("already runs");
}, 120_000);
