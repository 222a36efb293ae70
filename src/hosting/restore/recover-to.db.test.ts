import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
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
