import { openBuiltIn } from "#hosting/backup/open-backups.ts";
import type { BuiltInBackups } from "#hosting/backup/built-in.ts";
import { startShipper } from "#hosting/backup/ship-wal.ts";
import { openLog } from "#platform/log/index.ts";
import { startEmbeddedPostgres, type EmbeddedServer } from "#platform/postgres/index.ts";
import { openTenancy, type Tenancy } from "#platform/tenancy/index.ts";

/** A server that was recovered, running and shipping as its program would have it. */
export type RunningAgain = { server: EmbeddedServer; tenancy: Tenancy; backups: BuiltInBackups };

const log = openLog({ level: "silent" });

export async function runAgain<Answer>(
  directory: string,
  work: (running: RunningAgain) => Promise<Answer>,
): Promise<Answer> {
  const backups = (await openBuiltIn(directory, {}, new Date()))!;
  const shipper = startShipper(backups, log);
  const server = await startEmbeddedPostgres({ directory, log });
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  try {
    return await work({ server, tenancy, backups });
  } finally {
    await tenancy.close();
    await server.stop();
    await shipper.stop();
  }
}
