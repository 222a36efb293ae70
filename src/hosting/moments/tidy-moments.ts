import { isDatabaseAway, withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { schemaVersionOf } from "../restore/audit-heads.store.ts";
import { dropRestored } from "../restore/drop-restored.ts";
import { noteDropped } from "../restore/restores.store.ts";
import type { Recovery } from "../restore/scratch-tenant.ts";
import { forgetMoves } from "./carry-moves.store.ts";
import { closeMoment, listMoments, listOver } from "./moments.store.ts";
import { shutWrites } from "./shut-writes.store.ts";

/** Moments this program has brought to its own version; another version is another program. */
const upToDate = new Set<string>();

/**
 * Drops the databases of moments that were closed or whose time is over, and brings those that a newer program finds
 * open to its version; one that cannot be is closed. Safe to run at any time, by any program.
 */
export async function tidyMoments(
  recovery: Pick<Recovery, "tenancy" | "connection" | "log"> & { backups?: Recovery["backups"] | undefined },
): Promise<void> {
  const { tenancy, connection, log } = recovery;
  const { registry, databases } = tenancy;
  for (const { id, name } of await listOver(registry)) {
    await dropRestored(recovery, name);
    await noteDropped(registry, id);
  }
  const newest = await databases.newestVersion();
  for (const moment of await listMoments(registry)) {
    if (upToDate.has(moment.id)) continue;
    const database: ServerConnection = { ...connection, database: moment.databaseName };
    try {
      if ((await schemaVersionOf(database)) < newest) {
        await databases.bringUp(moment.databaseName);
        await shutWrites(database);
        await withClient(database, forgetMoves);
      }
      upToDate.add(moment.id);
    } catch (error) {
      // One that nobody can reach now is looked at again; a database that is gone never comes back.
      if (isDatabaseAway(error) && (error as { code?: string }).code !== "3D000") throw error;
      log.error({ moment: moment.id, err: error }, "An open moment could not be brought up, so it is closed");
      await closeMoment(registry, moment.tenantId, moment.id);
    }
  }
}
