import { makeBaseBackup } from "#hosting/backup/base-backup.ts";
import { openBuiltIn } from "#hosting/backup/open-backups.ts";
import { shipAll } from "#hosting/backup/ship-wal.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";

/** Makes a base backup of the server in a data folder, or ships its log, for a test to kill in its middle. */
const [directory = "", what] = process.argv.slice(2);
const backups = (await openBuiltIn(directory, {}, new Date()))!;
if (what === "log") {
  await shipAll(backups);
} else {
  const server = await joinServer({ directory, log: openLog({ level: "silent" }) });
  await makeBaseBackup(backups, server.connection, new Date());
}
