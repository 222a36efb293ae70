import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "#platform/log/index.ts";
import type { ServerConnection } from "#platform/postgres/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { readCatalog, type Catalog } from "../backup/catalog.ts";
import type { Backups } from "../backup/open-backups.ts";
import { shipEverything } from "../backup/wait-for-segment.ts";
import { baseFor, windowOf } from "../backup/window.ts";
import { hasDatabase } from "./audit-heads.store.ts";
import { recoverTo, scratchSettings, type RecoveredServer } from "./recover-to.ts";
import { databaseAt, noteStep } from "./restores.store.ts";

/** What every restore works with. */
export type Recovery = {
  backups: Backups;
  tenancy: Tenancy;
  connection: ServerConnection;
  log: Log;
  requestedBy: string;
  signal?: AbortSignal;
};

export type ScratchTenant = { server: RecoveredServer; database: ServerConnection };

export const scratchFolder = (directory: string, id: string): string => join(directory, "scratch", id);

// Behind requests, before nothing: a restore takes what the machine has left.
const niceness = 10;

/** Checks that the moment can be restored for this tenant, and brings the log up to it into the location. */
export async function catalogFor(
  recovery: Recovery,
  tenant: Tenant,
  target: Date,
  now: Date,
): Promise<Catalog> {
  const { backups, connection } = recovery;
  if (target > now) throw new BackupError("outside_window", `${target.toISOString()} lies in the future.`);
  if (target < new Date(tenant.createdAt))
    throw new BackupError(
      "outside_window",
      `Tenant ${tenant.key} did not exist at ${target.toISOString()}: it was made at ${tenant.createdAt}.`,
    );
  const catalog = await readCatalog(backups.location, backups.keyring);
  // Where log is missing, more of it at the end brings nothing back.
  const isShipped = catalog.segments.some(({ closedAt }) => target < closedAt);
  if (isShipped || windowOf(catalog).latest === undefined) return catalog;
  await shipEverything(backups.location, connection, recovery.signal);
  return readCatalog(backups.location, backups.keyring);
}

/** Runs `work` on a server of its own in which the tenant's database stands as it was. It is gone afterwards. */
export async function withScratchTenant<Result>(
  recovery: Recovery,
  plan: { id: string; tenant: Tenant; target: Date; catalog: Catalog },
  work: (scratch: ScratchTenant) => Promise<Result>,
): Promise<Result> {
  const { backups, tenancy, signal } = recovery;
  const { id, tenant, target, catalog } = plan;
  const base = baseFor(catalog, target);
  const name = await databaseAt(tenancy.registry, tenant, target);
  // Absent when the database was made after the base backup: then the log makes it.
  const oid = base.databases.find((database) => database.name === name)?.oid;
  const directory = scratchFolder(backups.directory, id);
  try {
    const server = await recoverTo({
      source: backups,
      catalog,
      base,
      target,
      wanted: (database) => database === String(oid),
      directory,
      niceness,
      settings: scratchSettings,
      ...(signal === undefined ? {} : { signal }),
      progress: (step) => noteStep(tenancy.registry, id, step),
    });
    try {
      if (!(await hasDatabase(server.connection, name)))
        throw new BackupError(
          "outside_window",
          `Tenant ${tenant.key} had no database yet at ${target.toISOString()}.`,
        );
      return await work({ server, database: { ...server.connection, database: name } });
    } finally {
      await server.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
