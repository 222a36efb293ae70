import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import type { Tenant } from "#platform/tenancy/index.ts";
import { addTenant, openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { waitForSegment } from "../backup/wait-for-segment.ts";
import { restoreBack } from "./restore-back.ts";
import { restoreTenant } from "./restore-tenant.ts";
import { listRestores } from "./restores.store.ts";
import { tidyRestores } from "./tidy-restores.ts";

const silent = openLog({ level: "silent" });
let host: BackedUpHost;
let tenant: Tenant;
let moment: Date;

beforeAll(async () => {
  host = await openBackedUpHost();
  tenant = await addTenant(host, "maven");
  await makeBaseBackup(host.backups, host.server.connection, new Date());
  await add("in");
  await delay(3);
  moment = new Date();
  await add("out");
  await waitForSegment(host.backups.location, await endSegment(host.server.connection));
}, 120_000);
afterAll(() => host.close());

async function add(name: string): Promise<void> {
  await host.tenancy.asOwner(tenant, (owner) =>
    owner.query("INSERT INTO access.territory (name) VALUES ($1)", [name]),
  );
}

const stepOf = async (): Promise<string> => {
  const running = (await listRestores(host.tenancy.registry)).find(({ state }) => state === "running");
  return running?.step ?? "none";
};

async function scratchServers(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir("/proc")) {
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0");
    if (words[1] === "-D" && words[2]?.startsWith(join(host.directory, "scratch"))) found.push(pid);
  }
  return found;
}

test.each(["unpack", "replay", "copy", "indexes", "compare", "switch"])(
  "a restore killed at the step '%s' leaves the tenant where it was or wholly restored, and nothing else",
  async (step) => {
    const before = await host.tenancy.show("maven");
    const program = join(import.meta.dirname, "../../testing/restore-to-kill.ts");
    const child = spawn(process.execPath, [program, host.directory, "maven", moment.toISOString()], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    while (child.exitCode === null && (await stepOf()) !== step) await delay(1);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    // With the program its scratch server ends too, and nobody's records stay open to anybody.
    await expect.poll(scratchServers, { timeout: 10_000 }).toEqual([]);
    // The server ends a killed program's session when it next speaks to it.
    while ((await stepOf()) !== "none") {
      await tidyRestores({ ...host, connection: host.server.connection, log: silent });
      await delay(20);
    }
    const after = await host.tenancy.show("maven");
    const { rows } = await host.tenancy.asOwner(after, (owner) =>
      owner.query("SELECT name FROM access.territory WHERE id > 0 ORDER BY id"),
    );
    await host.tenancy.pool(after).query("SELECT 1");
    if (after.databaseName === before.databaseName) expect(rows.at(-1)).toEqual({ name: "out" });
    else expect(rows).toEqual([{ name: "in" }]);
    // One killed before it made its folder has left none.
    expect(await readdir(join(host.directory, "scratch")).catch(() => [])).toEqual([]);
    const kept = (await listRestores(host.tenancy.registry)).map(({ replacedDatabase }) => replacedDatabase);
    const { rows: found } = await host.tenancy.registry.query(
      "SELECT datname FROM pg_database WHERE datname ~ '^t[a-z2-7]{26}$'",
    );
    expect(
      found
        .map(({ datname }) => datname)
        .filter((name) => name !== after.databaseName && !kept.includes(name)),
    ).toEqual([]);
  },
  60_000,
);

test("going back, killed while it switches, leaves the tenant on one of both databases whole, and can be begun again", async () => {
  const recovery = { ...host, connection: host.server.connection, log: silent, requestedBy: "test" };
  const { tenant: restored, replacedDatabase } = await restoreTenant(
    recovery,
    { key: "maven", target: moment },
    new Date(),
  );
  const program = join(import.meta.dirname, "../../testing/restore-to-kill.ts");
  const child = spawn(process.execPath, [program, host.directory, "maven", moment.toISOString(), "back"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  while (child.exitCode === null && (await stepOf()) !== "switch") await delay(1);
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  while ((await stepOf()) !== "none") {
    await tidyRestores(recovery);
    await delay(20);
  }
  const after = await host.tenancy.show("maven");
  await host.tenancy.pool(after).query("SELECT 1");
  if (after.databaseName === restored.databaseName) await restoreBack(recovery, { key: "maven" }, new Date());
  expect((await host.tenancy.show("maven")).databaseName).toBe(replacedDatabase);
}, 60_000);
