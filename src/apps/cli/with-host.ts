import { BackupError, beginArchiving, openBackups, type Backups } from "#hosting/index.ts";
import { openLog, type Log } from "#platform/log/index.ts";
import { archives, dataDirectory, joinServer, type Server } from "#platform/postgres/index.ts";
import { openTenancy, type Tenancy } from "#platform/tenancy/index.ts";

export type Host = {
  directory: string;
  server: Server;
  tenancy: Tenancy;
  /** Undefined when nothing is backed up; `whyNot` tells why when that is a mishap. */
  backups: Backups | undefined;
  whyNot: BackupError | undefined;
  log: Log;
};

export const commandLog = (): Log =>
  openLog({ level: process.env["STRONGROOM_LOG"] ?? "error", destination: process.stderr });

/** Gives a command the running server, or one of its own for as long as it lasts; then its log is shipped meanwhile. */
export async function withHost<Result>(work: (host: Host) => Promise<Result>): Promise<Result> {
  const log = commandLog();
  const directory = dataDirectory();
  const { backups, whyNot } = await backupsOf(directory);
  const prepare = async () => {
    if (backups !== undefined && process.env["STRONGROOM_BACKUP"])
      await beginArchiving(directory, new Date());
  };
  const server = await joinServer({
    directory,
    log,
    databaseUrl: process.env["DATABASE_URL"],
    prepare,
  });
  const ships = backups !== undefined && archives(directory) && server.embedded && !server.joined;
  const shipper = ships ? backups.startShipping?.(log) : undefined;
  try {
    const domain = process.env["STRONGROOM_DOMAIN"] ?? "localhost";
    const tenancy = await openTenancy({ server, dataDirectory: directory, domain, log });
    try {
      return await work({ directory, server, tenancy, backups, whyNot, log });
    } finally {
      await tenancy.close();
    }
  } finally {
    await server.stop();
    await shipper?.stop();
  }
}

/** The backups of a data folder. A mishap with them does not keep other commands from working. */
export async function backupsOf(directory: string): Promise<Pick<Host, "backups" | "whyNot">> {
  try {
    return { backups: await openBackups(directory, process.env, new Date()), whyNot: undefined };
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    return { backups: undefined, whyNot: error };
  }
}
