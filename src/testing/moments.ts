import { setTimeout as delay } from "node:timers/promises";
import { openJobs, type Jobs } from "../apps/jobs.ts";
import { TenantConnections } from "../apps/tenant-connections.ts";
import { makeBaseBackup } from "#hosting/backup/base-backup.ts";
import { openMoment, openRestoreDesk, type Recovery } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import { serveTenant, type Browser, type ServedTenant } from "./api.ts";
import { openBackedUpHost, type BackedUpHost } from "./backed-up-host.ts";

/** A backed-up host with one tenant behind its HTTP server, jobs and all, whose moments can be opened. */
export type MomentHost = {
  host: BackedUpHost;
  recovery: Recovery;
  served: ServedTenant;
  admin: Browser;
  jobs: Jobs;
  close(): Promise<void>;
};

const log = openLog({ level: process.env["STRONGROOM_LOG"] ?? "silent" });

export async function openMomentHost(): Promise<MomentHost> {
  const host = await openBackedUpHost();
  const { backups, tenancy, server, directory } = host;
  const connections = new TenantConnections(tenancy, 80);
  const pace = { heartbeatSeconds: 10, superviseSeconds: 1 };
  const jobs = await openJobs({ tenancy, tenants: connections, dataDirectory: directory, log, pace });
  const desk = openRestoreDesk({ registry: tenancy.registry, backups });
  const served = await serveTenant(tenancy, { key: "maven", name: "Maven" }, desk, {
    connections,
    given: jobs,
  });
  await makeBaseBackup(backups, server.connection, new Date());
  const recovery = { backups, tenancy, connection: server.connection, log, requestedBy: "test" };
  const close = async () => {
    await served.close();
    await jobs.stop();
    await host.close();
  };
  return { host, recovery, served, admin: served.asAdministrator, jobs, close };
}

/** A moment after everything so far and before everything to come. */
export async function now(): Promise<Date> {
  await delay(3);
  const at = new Date();
  await delay(3);
  return at;
}

export const openAt = async ({ recovery }: MomentHost, target: Date, key = "maven"): Promise<string> =>
  (await openMoment(recovery, { key, target }, new Date())).id;

/** Asks as somebody who stands at a moment. */
export const askAt = (browser: Browser, moment: string, method: string, path: string, body?: unknown) =>
  browser.ask(method, path, body, { headers: { "strongroom-moment": moment } });
