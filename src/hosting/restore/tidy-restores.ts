import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { stopRestoredServer } from "#platform/postgres/index.ts";
import { dropRestored } from "./drop-restored.ts";
import {
  endRestore,
  listExpired,
  listRestores,
  noteDropped,
  withAbandoned,
  type Restore,
} from "./restores.store.ts";
import { scratchFolder, type Recovery } from "./scratch-tenant.ts";

type Tidying = Pick<Recovery, "backups" | "tenancy" | "connection" | "log">;

/**
 * Opens the doors that restores closed whose program was ended in its switch: their tenants are let into the database
 * they are on. To be done before anybody is served; needs no backups.
 */
export async function letInAgain({
  tenancy,
  connection,
}: Pick<Recovery, "tenancy" | "connection">): Promise<void> {
  await withAbandoned(tenancy.registry, connection, async ({ tenantId }) => {
    const tenant = (await tenancy.list()).find(({ id }) => id === tenantId);
    if (tenant !== undefined) await tenancy.databases.admit(tenant);
  });
}

/**
 * Clears away what restores and drills left whose program was ended: closed doors first, then scratch servers and
 * half-made databases. Safe to run at any time, by any program; to be run often.
 */
export async function undoCutOff(recovery: Tidying): Promise<void> {
  await letInAgain(recovery);
  await withAbandoned(recovery.tenancy.registry, recovery.connection, (restore) => undo(recovery, restore));
}

async function undo(recovery: Tidying, restore: Restore): Promise<void> {
  const { backups, tenancy, log } = recovery;
  await stopRestoredServer(scratchFolder(backups.directory, restore.id));
  await rm(scratchFolder(backups.directory, restore.id), { recursive: true, force: true });
  const isNew = (restore.kind === "switch" || restore.kind === "moment") && restore.switchedAt === null;
  if (isNew) await dropRestored(recovery, restore.databaseName);
  const failure =
    restore.switchedAt === null
      ? "The program was ended in the middle of it; nothing was switched."
      : undefined;
  await endRestore(tenancy.registry, restore.id, {
    detail: restore.detail,
    ...(failure === undefined ? {} : { failure }),
  });
  const tenant = (await tenancy.list()).find(({ id }) => id === restore.tenantId);
  log.warn({ tenant: tenant?.key, restore: restore.id }, "Cleared away a restore whose program was ended");
}

/** Does that, and drops replaced databases whose time is over and scratch servers that nobody knows. */
export async function tidyRestores(recovery: Tidying): Promise<void> {
  const { backups, tenancy } = recovery;
  const { registry } = tenancy;
  await undoCutOff(recovery);
  for (const { id, name } of await listExpired(registry)) {
    await dropRestored(recovery, name);
    await noteDropped(registry, id);
  }
  await dropScratch(
    backups.directory,
    new Set((await listRestores(registry)).filter(({ state }) => state === "running").map(({ id }) => id)),
  );
}

async function dropScratch(directory: string, running: Set<string>): Promise<void> {
  const names = await readdir(join(directory, "scratch")).catch(() => []);
  for (const name of names.filter((each) => !running.has(each))) {
    await stopRestoredServer(scratchFolder(directory, name));
    await rm(scratchFolder(directory, name), { recursive: true, force: true });
  }
}
