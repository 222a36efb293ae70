import { join } from "node:path";
import {
  createDemo,
  letInAgain,
  openRestoreDesk,
  prepareBackups,
  type Backups,
  type DemoPerson,
} from "#hosting/index.ts";
import { canaryKeys } from "#controls/index.ts";
import { openHttp } from "#platform/http/index.ts";
import { openLog } from "#platform/log/index.ts";
import { dataDirectory, FolderInUse, openServer, SetupError } from "#platform/postgres/index.ts";
import { openTenancy, type Tenancy } from "#platform/tenancy/index.ts";
import { setupExitCode } from "../../bin/watch-program.mjs";
import { addressesIn } from "./addresses-in.ts";
import { allRoutes } from "./all-routes.ts";
import { dieOfFaults } from "./die-of-faults.ts";
import { openHealth } from "./open-health.ts";
import { instanceFor, noteInstance } from "./running-instance.ts";
import { openJobs } from "./jobs.ts";
import { scheduleBackups } from "./schedule-backups.ts";
import { scheduleControls } from "./schedule-controls.ts";
import { TenantConnections } from "./tenant-connections.ts";

const port = Number(process.env["PORT"] ?? 3000);
const say = (text: string) => process.stdout.write(`${text}\n`);

const ending = endings();
process.on("SIGINT", () => void ending.run(0));
process.on("SIGTERM", () => void ending.run(0));
try {
  await serve(ending.add);
} catch (error) {
  process.stderr.write(`${complaint(error)}\n`);
  await ending.run(isOfTheSetup(error) ? setupExitCode : 1);
}

/** Nothing but a change by the host mends it, so whoever watches the program need not start it again. */
function isOfTheSetup(error: unknown): boolean {
  return error instanceof SetupError || (error as NodeJS.ErrnoException).code === "EADDRINUSE";
}

/** What the host can act on is a sentence; anything else is a bug and needs its trace. */
function complaint(error: unknown): string {
  if (error instanceof SetupError || error instanceof FolderInUse) return error.message;
  if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    return `Port ${port} is taken by another program. Stop that one, or choose another port with PORT.`;
  }
  return String(error instanceof Error ? error.stack : error);
}

/** Starts everything in order, and on Ctrl-C stops what has been started in the opposite one. */
async function serve(atTheEnd: (close: () => Promise<unknown>) => void): Promise<void> {
  const log = openLog();
  dieOfFaults(log);
  const directory = dataDirectory();
  let backups: Backups | undefined;
  const prepare = async () => {
    backups = await prepareBackups(directory, process.env, log, new Date());
    // The server hands over the last of its log while it stops, so the shipper outlives it.
    const shipper = backups?.startShipping?.(log);
    if (shipper !== undefined) atTheEnd(() => shipper.stop());
  };
  const server = await openServer({ directory, log, databaseUrl: process.env["DATABASE_URL"], prepare });
  atTheEnd(() => server.stop());
  const tenancy = await openTenancy({
    server,
    dataDirectory: directory,
    domain: process.env["STRONGROOM_DOMAIN"] ?? "localhost",
    log,
  });
  atTheEnd(() => tenancy.close());
  await letInAgain({ tenancy, connection: server.connection });
  const report = await tenancy.migrateAll();
  for (const failed of report.failed)
    log.error(
      { tenant: failed.tenant.key, reason: failed.error.message },
      "not migrated, left at its old version",
    );
  const tenants = new TenantConnections(tenancy, port);
  atTheEnd(() => tenants.close());
  const jobs = await openJobs({ tenancy, tenants, dataDirectory: directory, log });
  atTheEnd(() => jobs.stop());
  const host = process.env["HOST"] ?? "127.0.0.1";
  const instance = await instanceFor(directory, { host, port });
  const health = await openHealth({
    directory,
    tenancy,
    backups,
    log,
    environment: process.env,
    instance: instance.instance,
  });
  atTheEnd(() => health.stop());
  const http = await openHttp({
    tenantAt: (host) => tenants.at(host),
    routes: allRoutes(jobs, backups && openRestoreDesk({ registry: tenancy.registry, backups })),
    log,
    webDirectory: join(import.meta.dirname, "../../dist/web"),
    host: health.door,
    proxies: addressesIn("STRONGROOM_PROXIES", process.env),
  });
  atTheEnd(() => http.close());
  await firstRun(tenancy);
  await http.listen({ port, host });
  await noteInstance(directory, instance);
  if (backups !== undefined) {
    const schedule = scheduleBackups({ backups, tenancy, connection: server.connection, log });
    atTheEnd(() => schedule.stop());
  }
  process.send?.("ready");
  const controls = scheduleControls(tenancy, log);
  atTheEnd(() => controls.stop());
  const open = (await tenancy.list()).filter(({ state }) => state === "active");
  for (const tenant of open) say(`Ready at http://${tenant.host}:${port}`);
  if (open.length === 0)
    say('Ready at no address yet: make a tenant with bin/strongroom tenant create <key> --name "<name>"');
}

/** What was added is done once, last first; then the program ends. */
function endings() {
  const closers: (() => Promise<unknown>)[] = [];
  let running = false;
  return {
    add: (close: () => Promise<unknown>) => void closers.push(close),
    run: async (exitCode: number) => {
      if (running) return;
      running = true;
      for (const close of closers.toReversed()) await close();
      // Whoever started us helps where a disk that hangs keeps us from being gone.
      await new Promise((sent) => (process.send ? process.send({ ended: exitCode }, sent) : sent(undefined)));
      process.exit(exitCode);
    },
  };
}

/** A host without tenants of its own gets the demo tenant, unless told otherwise; canaries are the controls'. */
async function firstRun(tenancy: Tenancy): Promise<void> {
  if (process.env["STRONGROOM_DEMO"] === "off") return;
  if (!(await tenancy.list()).every(({ key }) => canaryKeys.includes(key))) return;
  say("First start: making the demo tenant …");
  introduce((await createDemo(tenancy, new Date())).people);
}

function introduce(people: readonly DemoPerson[]): void {
  say("\nDemo people and their passwords, shown only this once:\n");
  for (const { name, password, level, territory, manager } of people) {
    say(
      `  ${name.padEnd(22)} ${password}   level ${level}${territory === null ? "" : `, ${territory}`}${manager === null ? "" : `, group ${manager}`}`,
    );
  }
  say("");
}
