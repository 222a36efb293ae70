import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "#platform/log/index.ts";
import type { ServerConnection } from "#platform/postgres/index.ts";
import type { Tenancy, Tenant } from "#platform/tenancy/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import type { Backups } from "../backup/backups.ts";
import { hasDatabase } from "./audit-heads.store.ts";
import type { RecoveredServer } from "./recover-to.ts";
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

/** Checks that this tenant was there at the moment, and has everything up to it archived. */
export async function mustBeThere(
  recovery: Recovery,
  tenant: Tenant,
  target: Date,
  now: Date,
): Promise<void> {
  const { backups, connection } = recovery;
  if (target > now) throw new BackupError("outside_window", `${target.toISOString()} lies in the future.`);
  if (target < new Date(tenant.createdAt))
    throw new BackupError(
      "outside_window",
      `Tenant ${tenant.key} did not exist at ${target.toISOString()}: it was made at ${tenant.createdAt}.`,
    );
  await backups.archiveUpTo(target, connection, recovery.signal);
}

/** Runs `work` on a server of its own in which the tenant's database stands as it was. It is gone afterwards. */
export async function withScratchTenant<Result>(
  recovery: Recovery,
  plan: { id: string; tenant: Tenant; target: Date },
  work: (scratch: ScratchTenant) => Promise<Result>,
): Promise<Result> {
  const { backups, tenancy, log, signal } = recovery;
  const { id, tenant, target } = plan;
  const name = await databaseAt(tenancy.registry, tenant, target);
  const directory = scratchFolder(backups.directory, id);
  try {
    const server = await backups.recover({
      target,
      database: name,
      directory,
      ...(signal === undefined ? {} : { signal }),
      progress: (step) => noteStep(tenancy.registry, id, step),
    });
    for (const { label, reason } of server.passedOver)
      log.error({ base: label, tenant: tenant.key }, `A base backup does not open: ${reason}`);
    for (const { name, reason } of server.turned)
      log.error(
        { file: name, tenant: tenant.key },
        `A file was read from the copy of the backups: ${reason}`,
      );
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
