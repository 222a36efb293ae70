import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "pg";
import { hashPassword } from "#features/sign-in/index.ts";
import type { RestoreReport } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer, withClient } from "#platform/postgres/index.ts";
import { randomPassword } from "#platform/secrets/index.ts";
import { firstBase, withTenancy } from "#testing/lost-server.ts";
import { RunningHost } from "#testing/running-host.ts";
import { fillRecords } from "../fill.store.ts";
import { benchUsers } from "../operations.ts";
import { fillPeople } from "../people.store.ts";
import { percentile, rounded, type Results } from "../results.ts";

const tenants = 20;
/** Requests a second to the other tenants, at a fixed pace, so that a slow answer does not make fewer. */
const askedPerSecond = 40;
const beforeSeconds = 20;

type Sizes = { big: number; small: number };

/** One large tenant among twenty is taken back a moment while people of the others work. */
export async function measureOneTenant(sizes: Sizes, say: (text: string) => void): Promise<Results> {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-one-tenant-"));
  const directory = join(folder, "data");
  const password = randomPassword();
  let host: RunningHost | undefined;
  try {
    host = await RunningHost.start({ STRONGROOM_DEMO: "off" }, directory);
    const bytes = await fillTenants(directory, sizes, password, say);
    await host.end();
    const environment = {
      STRONGROOM_BACKUP: join(folder, "backup"),
      STRONGROOM_BACKUP_SAME_DISK: "accept",
      STRONGROOM_DEMO: "off",
    };
    host = await RunningHost.start(environment, directory);
    await firstBase(environment.STRONGROOM_BACKUP);
    say("first base backup made");
    const asking = await openAsking(host, password);
    const before = await asking.during(delay(beforeSeconds * 1000));
    const target = new Date(Date.now() - Math.floor(Math.random() * beforeSeconds * 1000));
    const restored = restore(directory, environment, target);
    const during = await asking.during(restored);
    const { report, seconds } = await restored;
    say(JSON.stringify(report.seconds));
    const [p95Before, p95During] = [percentile(before.times, 95), percentile(during.times, 95)];
    return {
      "recovery.tenant.serverGigabytes": rounded(bytes.all / 1024 ** 3),
      "recovery.tenant.gigabytes": rounded(bytes.big / 1024 ** 3),
      "recovery.tenant.seconds": rounded(seconds),
      ...Object.fromEntries(
        Object.entries(report.seconds).map(([step, taken]) => [
          `recovery.tenant.${step}Seconds`,
          rounded(taken),
        ]),
      ),
      "recovery.tenant.rowsCompared": report.copied.rows,
      "recovery.tenant.othersAsked": during.times.length,
      "recovery.tenant.othersFailed": before.failed + during.failed,
      "recovery.tenant.othersP95BeforeMs": rounded(p95Before),
      "recovery.tenant.othersP95DuringMs": rounded(p95During),
      "recovery.tenant.othersP95Ratio": rounded(p95During / p95Before),
    };
  } finally {
    await host?.end();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fillTenants(directory: string, sizes: Sizes, password: string, say: (text: string) => void) {
  const hash = await hashPassword(password);
  const server = await joinServer({ directory, log: openLog({ level: "warn" }) });
  return withTenancy(directory, async (tenancy) => {
    const bytes = { all: 0, big: 0 };
    for (let number = 1; number <= tenants; number++) {
      const tenant = await tenancy.createTenant({ key: `tenant-${number}`, name: "Tenant" });
      const each = number === 1 ? sizes.big : sizes.small;
      const connect = <Result>(work: (client: Client) => Promise<Result>) =>
        withClient({ ...server.connection, database: tenant.databaseName }, work);
      await connect((client) => fillPeople(client, hash));
      const size = { organisations: each, persons: each, opportunities: each, activities: each };
      await fillRecords(connect, { name: "quick", ...size }, () => undefined);
      const { rows } = await connect((client) =>
        client.query("SELECT pg_database_size(current_database())::float8 AS bytes"),
      );
      bytes.all += rows[0].bytes;
      if (number === 1) bytes.big = rows[0].bytes;
      say(`tenant ${number}: ${Math.round(rows[0].bytes / 1024 ** 2)} MB`);
    }
    return bytes;
  });
}

type Asked = { times: number[]; failed: number };

/** Lists and writes at two other tenants. */
async function openAsking(host: RunningHost, password: string) {
  const name = benchUsers.find(({ key }) => key === "administrator")?.name ?? "";
  const keys = ["tenant-2", "tenant-3"];
  const cookies = await Promise.all(keys.map((key) => host.signIn(key, name, password)));
  const askOnce = async (turn: number, asked: Asked) => {
    const key = keys[turn % keys.length] ?? "";
    const cookie = cookies[turn % keys.length] ?? "";
    const from = performance.now();
    const answer =
      turn % 10 === 0
        ? host.ask(key, "POST", "/api/organisations", { body: { name: `Asked ${turn}` }, cookie })
        : host.ask(key, "GET", "/api/organisations?limit=50", { cookie });
    const { status } = await answer.catch(() => ({ status: 0 }));
    asked.times.push(performance.now() - from);
    if (status !== 200 && status !== 201) asked.failed++;
  };
  return {
    async during(work: Promise<unknown>): Promise<Asked> {
      const asked: Asked = { times: [], failed: 0 };
      const open = new Set<Promise<void>>();
      const ended = new AbortController();
      void work.finally(() => ended.abort()).catch(() => undefined);
      for (let turn = 0; !ended.signal.aborted; turn++) {
        const one = askOnce(turn, asked).finally(() => open.delete(one));
        open.add(one);
        await delay(1000 / askedPerSecond);
      }
      await Promise.all(open);
      return asked;
    },
  };
}

/** By the host's own command, in a process of its own. */
async function restore(directory: string, environment: NodeJS.ProcessEnv, target: Date) {
  const from = performance.now();
  const command = resolve(import.meta.dirname, "../../src/apps/cli/strongroom.ts");
  const child = spawn(
    process.execPath,
    [command, "restore", "tenant-1", "--to", target.toISOString(), "--json"],
    {
      env: { ...process.env, ...environment, STRONGROOM_DATA: directory },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`The restore failed: ${output}`);
  return { report: JSON.parse(output) as RestoreReport, seconds: (performance.now() - from) / 1000 };
}
