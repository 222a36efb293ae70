import { makeBaseBackup } from "#hosting/backup/base-backup.ts";
import { openBuiltIn } from "#hosting/backup/open-backups.ts";
import { shipAll } from "#hosting/backup/ship-wal.ts";
import { openLog } from "#platform/log/index.ts";
import { joinServer } from "#platform/postgres/index.ts";

/** Makes a base backup of the server in a data folder, or ships its log, for a test to kill in its middle. */
const [directory = "", what] = process.argv.slice(2);
const backups = (await openBuiltIn(directory, {}, new Date()))!;
if (what === "log") {
  const { location } = backups;
  await shipAll({
    ...backups,
    location: { ...location, put: (name, content) => location.put(name, stuck(content)) },
  });
} else {
  const server = await joinServer({ directory, log: openLog({ level: "silent" }) });
  await makeBaseBackup(backups, server.connection, new Date());
}

/** Stands still after the first piece of a file of the log, so that it is killed in its middle. */
async function* stuck(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    yield piece;
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  }
}
