import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFirstAdministrator } from "#features/users/index.ts";
import { builtInBackups, type BuiltInBackups } from "#hosting/backup/built-in.ts";
import { openBuiltIn } from "#hosting/backup/open-backups.ts";
import { fileStoresOf } from "#hosting/files/file-store.ts";
import type { Shipper } from "#hosting/backup/ship-wal.ts";
import { openLog } from "#platform/log/index.ts";
import { startEmbeddedPostgres, turnArchivingOn, type EmbeddedServer } from "#platform/postgres/index.ts";
import { openTenancy, type Tenancy, type Tenant } from "#platform/tenancy/index.ts";

/** A tenant with somebody who holds all rights, without whom none can be restored. */
export const addTenant = ({ tenancy }: Pick<BackedUpHost, "tenancy">, key: string): Promise<Tenant> =>
  tenancy.createTenant({ key, name: key }, async (tenant) => {
    await tenancy.asOwner(tenant, (owner) =>
      createFirstAdministrator(owner, { name: "admin", fullName: "Ada" }),
    );
  });

/** A server of its own with a tenancy, whose log is shipped to a backup location as a host's is. */
export type BackedUpHost = AsyncDisposable & {
  directory: string;
  server: EmbeddedServer;
  tenancy: Tenancy;
  backups: BuiltInBackups;
  shipper: Shipper;
  close(): Promise<void>;
};

const log = openLog({ level: process.env["STRONGROOM_LOG"] ?? "silent" });

/** `settings` say where else than in a folder beside the data; `storesOf` where uploaded files lie. */
export async function openBackedUpHost(
  settings: Record<string, string> = {},
  storesOf: typeof fileStoresOf = fileStoresOf,
): Promise<BackedUpHost> {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-backed-up-"));
  await chmod(folder, 0o755);
  const directory = join(folder, "data");
  const environment = {
    STRONGROOM_BACKUP: join(folder, "backup"),
    STRONGROOM_BACKUP_SAME_DISK: "accept",
    ...settings,
  };
  const opened = (await openBuiltIn(directory, environment, new Date()))!;
  const backups = builtInBackups({ ...opened, stores: storesOf(directory) });
  await turnArchivingOn(directory);
  const server = await startEmbeddedPostgres({ directory, log, settings: { shared_buffers: "64MB" } });
  const shipper = backups.startShipping!(log);
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  const close = async () => {
    await tenancy.close();
    // A test may have ended or replaced its shipper; without one the server's stop would wait for the archive, and
    // one that outlives the folder would write into it while it is deleted.
    await host.shipper.stop();
    const last = backups.startShipping!(log);
    await server.stop();
    await last.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const host = { directory, server, tenancy, backups, shipper, close, [Symbol.asyncDispose]: close };
  return host;
}
