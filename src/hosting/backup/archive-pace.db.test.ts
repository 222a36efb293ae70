import { mkdtemp, chmod, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLog } from "#platform/log/index.ts";
import {
  startEmbeddedPostgres,
  turnArchivingOn,
  withClient,
  type ServerConnection,
} from "#platform/postgres/index.ts";
import { wakeCheckpointer } from "./archive-pace.store.ts";
import { beat } from "./base-backup.store.ts";

const log = openLog({ level: "silent" });

const currentFile = (connection: ServerConnection): Promise<string> =>
  withClient(connection, async (client) => {
    const { rows } = await client.query("SELECT pg_walfile_name(pg_current_wal_lsn()) AS name");
    return rows[0].name;
  });

/** Kills a connection's process, which has the server replay its log. */
async function crash(connection: ServerConnection): Promise<void> {
  await withClient(connection, async (client) => {
    client.on("error", () => undefined);
    const { rows } = await client.query("SELECT pg_backend_pid() AS pid");
    process.kill(rows[0].pid, "SIGKILL");
    await expect(client.query("SELECT pg_sleep(5)")).rejects.toThrow(/terminated/);
  }).catch(() => undefined);
  await expect.poll(() => currentFile(connection).catch(() => undefined), { timeout: 20_000 }).toBeDefined();
}

test("an idle server archives at its pace after a crash too", async () => {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-archive-pace-"));
  await chmod(folder, 0o755);
  const directory = join(folder, "data");
  await turnArchivingOn(directory);
  const server = await startEmbeddedPostgres({
    directory,
    log,
    settings: { shared_buffers: "32MB", archive_timeout: "2s", archive_command: "true" },
  });
  try {
    const { connection } = server;
    const first = await wakeCheckpointer(connection, undefined);
    expect(first).toBeDefined();
    await crash(connection);
    const second = await wakeCheckpointer(connection, first);
    expect(second).not.toBe(first);
    expect(await wakeCheckpointer(connection, second)).toBe(second);

    await beat(connection);
    const file = await currentFile(connection);
    await expect.poll(() => currentFile(connection), { timeout: 8_000, interval: 100 }).not.toBe(file);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
