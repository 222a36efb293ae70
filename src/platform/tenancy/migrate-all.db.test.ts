import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aFolderOfMigrations } from "#testing/migrations.ts";
import { openTestTenancy } from "#testing/postgres.ts";

const first = { "0001-note.sql": "CREATE TABLE note (text text)" };

test("a tenant whose migration fails stays at its version, the others go on, and it follows later", async () => {
  const folder = await aFolderOfMigrations(first);
  await using tenancy = await openTestTenancy({ migrations: { tenant: folder } });
  const odd = await tenancy.aTenant({ key: "a-odd" });
  const fine = await tenancy.aTenant({ key: "b-fine" });
  await tenancy.asOwner(odd, (client) => client.query("INSERT INTO note (text) VALUES (NULL)"));
  await writeFile(join(folder, "0002-author.sql"), "ALTER TABLE note ADD author text");
  await writeFile(
    join(folder, "0003-text.sql"),
    "ALTER TABLE note ADD kind text;\nALTER TABLE note ALTER text SET NOT NULL",
  );

  const report = await tenancy.migrateAll();
  expect(report.migrated.map(({ key }) => key)).toEqual(["b-fine"]);
  expect(report.failed.map(({ tenant, error }) => [tenant.key, error.message])).toEqual([
    ["a-odd", expect.stringMatching(/^0003-text\.sql.*contains null values/)],
  ]);
  const columns = async (tenant: typeof odd) =>
    tenancy.asOwner(tenant, async (client) =>
      (await client.query("SELECT * FROM note")).fields.map(({ name }) => name),
    );
  expect(await columns(odd)).toEqual(["text", "author"]);
  expect(await columns(fine)).toEqual(["text", "author", "kind"]);
  expect((await tenancy.list()).map(({ schemaVersion }) => schemaVersion)).toEqual([2, 3]);

  await tenancy.asOwner(odd, (client) => client.query("UPDATE note SET text = 'x'"));
  expect((await tenancy.migrateAll()).migrated.map(({ key }) => key)).toEqual(["a-odd"]);
  expect((await tenancy.list()).map(({ schemaVersion }) => schemaVersion)).toEqual([3, 3]);
  expect(await tenancy.migrateAll()).toEqual({ migrated: [], failed: [] });
});

test("a tenant made after new migrations has them from the start", async () => {
  const folder = await aFolderOfMigrations(first);
  await using tenancy = await openTestTenancy({ migrations: { tenant: folder } });
  await writeFile(join(folder, "0002-author.sql"), "ALTER TABLE note ADD author text");
  expect(await tenancy.aTenant()).toMatchObject({ schemaVersion: 2 });
});

test("a migration changed after it was applied is refused, and so is a database newer than the program", async () => {
  const folder = await aFolderOfMigrations(first);
  await using tenancy = await openTestTenancy({ migrations: { tenant: folder } });
  await tenancy.aTenant();
  await writeFile(join(folder, "0001-note.sql"), "CREATE TABLE note (text text, author text)");
  await writeFile(join(folder, "0002-more.sql"), "SELECT 1");
  expect(await failure(tenancy)).toMatch(/0001-note.sql was changed after it was applied/);

  await using older = await openTestTenancy({
    ...tenancy.options,
    migrations: { tenant: await aFolderOfMigrations({}) },
  });
  expect(await failure(older)).toMatch(/version 1 \(0001-note.sql\), newer than this program/);
});

async function failure(tenancy: { migrateAll(): Promise<{ failed: { error: Error }[] }> }): Promise<string> {
  return (await tenancy.migrateAll()).failed.map(({ error }) => error.message).join();
}
