import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { stopRestoredServer } from "#platform/postgres/index.ts";
import { dropRestored } from "./drop-restored.ts";
import { endRestore, listExpired, listRestores, noteDropped, withAbandoned } from "./restores.store.ts";
import { scratchFolder, type Recovery } from "./scratch-tenant.ts";

/**
 * Clears away what killed restores left: their scratch servers, half-made databases and closed doors; and drops
 * replaced databases whose time is over. Safe to run at any time, by any program.
 */
export async function tidyRestores(
  recovery: Pick<Recovery, "backups" | "tenancy" | "connection" | "log">,
): Promise<void> {
  const { backups, tenancy, connection, log } = recovery;
  const { registry } = tenancy;
  await withAbandoned(registry, connection, async (restore) => {
    await stopRestoredServer(scratchFolder(backups.directory, restore.id));
    await rm(scratchFolder(backups.directory, restore.id), { recursive: true, force: true });
    const tenant = (await tenancy.list()).find(({ id }) => id === restore.tenantId);
    if (tenant !== undefined) await tenancy.databases.admit(tenant);
    const isNew = (restore.kind === "switch" || restore.kind === "moment") && restore.switchedAt === null;
    if (isNew) await dropRestored(recovery, restore.databaseName);
    const failure =
      restore.switchedAt === null
        ? "The program was ended in the middle of it; nothing was switched."
        : undefined;
    await endRestore(registry, restore.id, {
      detail: restore.detail,
      ...(failure === undefined ? {} : { failure }),
    });
    log.warn({ tenant: tenant?.key, restore: restore.id }, "Cleared away a restore whose program was ended");
  });
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
