import { readdir, readFile, truncate } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { openBackedUpHost, type BackedUpHost } from "#testing/backed-up-host.ts";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import type { Tenant } from "#platform/tenancy/index.ts";
import { makeBaseBackup } from "../backup/base-backup.ts";
import { endSegment } from "../backup/base-backup.store.ts";
import { readCatalog } from "../backup/catalog.ts";
import { waitForSegment } from "../backup/wait-for-segment.ts";
import { recoverTo, scratchSettings } from "./recover-to.ts";

let host: BackedUpHost;
let maven: Tenant;
let other: Tenant;

beforeAll(async () => {
  host = await openBackedUpHost();
  maven = await host.tenancy.createTenant({ key: "maven", name: "Maven" });
  other = await host.tenancy.createTenant({ key: "other", name: "Other" });
});
afterAll(() => host.close());

/** The moment its transaction was committed. */
const noteTerritory = (tenant: Tenant, name: string): Promise<Date> =>
  host.tenancy.asOwner(tenant, async (client) => {
    await client.query("INSERT INTO access.territory (name) VALUES ($1)", [name]);
    const { rows } = await client.query(
      "SELECT pg_xact_commit_timestamp(xmin) AS at FROM access.territory WHERE name = $1",
      [name],
    );
    return new Date(rows[0].at);
  });

const shipped = async () => waitForSegment(host.backups.location, await endSegment(host.server.connection));

const territories = (connection: ServerConnection, database: string) =>
  withClient({ ...connection, database }, async (client) => {
    const { rows } = await client.query("SELECT name FROM access.territory WHERE id <> 0 ORDER BY id");
    return rows.map(({ name }) => name);
  });

test("one tenant's database stands again as it was at a moment, and no other is unpacked", async () => {
  await noteTerritory(maven, "before the backup");
  const manifest = await makeBaseBackup(host.backups, host.server.connection, new Date());
  await noteTerritory(other, "of another tenant");
  const last = await noteTerritory(maven, "just before");
  await new Promise((done) => setTimeout(done, 20));
  const first = await noteTerritory(maven, "just after");
  await shipped();
  expect(first > last).toBe(true);

  const { location, keyring } = host.backups;
  const catalog = await readCatalog(location, keyring);
  const target = new Date(first.getTime() - 5);
  const recovered = await recoverTo({
    source: { location, keyring },
    catalog,
    target,
    wanted: (database) => database === maven.databaseName,
    directory: join(host.directory, "scratch/one"),
    settings: scratchSettings,
  });
  try {
    expect(await territories(recovered.connection, maven.databaseName)).toEqual([
      "before the backup",
      "just before",
    ]);
    expect(recovered.reached.lastCommit?.slice(0, 23)).toBe(last.toISOString().slice(0, 23));
    await expect(territories(recovered.connection, other.databaseName)).rejects.toThrow(
      "is not a valid data directory",
    );
    expect(recovered.unpackedBytes).toBeLessThan(
      manifest.parts.reduce((sum, part) => sum + part.plainBytes, 0) / 2,
    );
  } finally {
    await recovered.stop();
  }
});

test("pages that are missing from databases nobody reads are no matter; from the tenant's own they end the restore", async () => {
  const { server, backups } = host;
  const manifest = await makeBaseBackup(backups, server.connection, new Date(Date.now() + 1_000));
  // Without whole pages in it the log changes pages that are not there, as some of its records always may.
  const wholePages = (value: string) =>
    withClient(server.connection, async (client) => {
      await client.query(`ALTER SYSTEM SET full_page_writes = ${value}`);
      await client.query("SELECT pg_reload_conf()");
      await vi.waitUntil(async () => {
        const { rows } = await client.query("SHOW full_page_writes");
        return rows[0].full_page_writes === value;
      });
    });
  await wholePages("off");
  await noteTerritory(other, "without a whole page");
  await noteTerritory(maven, "with the last");
  // Nearer than a second to its end the older backup would be taken.
  await new Promise((done) => setTimeout(done, 1_100));
  await wholePages("on");
  await shipped();
  const { rows } = await host.tenancy.asOwner(maven, (client) =>
    client.query("SELECT pg_relation_filepath('access.territory') AS path"),
  );
  const recover = async (beforeReplay: (folder: string) => Promise<void>) => {
    const directory = join(host.directory, "scratch/two");
    return recoverTo({
      source: backups,
      catalog: await readCatalog(backups.location, backups.keyring),
      target: undefined,
      wanted: (database) => database === maven.databaseName,
      directory,
      settings: scratchSettings,
      progress: async (step) => (step === "replay" ? beforeReplay(join(directory, "postgres")) : undefined),
    });
  };
  const folders: string[] = [];
  const recovered = await recover(
    async (folder) => void folders.push(...(await readdir(join(folder, "base")))),
  );
  try {
    expect(recovered.base).toBe(manifest.label);
    expect(folders.length).toBe(manifest.parts.length - 1);
    expect((await territories(recovered.connection, maven.databaseName)).at(-1)).toBe("with the last");
    expect(await readFile(join(host.directory, "scratch/two/postgres-start.log"), "utf8")).toContain(
      `of relation base/${manifest.databases.find(({ name }) => name === other.databaseName)?.oid}/`,
    );
  } finally {
    await recovered.stop();
  }
  await expect(recover((folder) => truncate(join(folder, rows[0].path)))).rejects.toThrow(
    `${rows[0].path} lacks pages its log changes`,
  );
});
