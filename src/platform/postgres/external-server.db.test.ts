import { escapeLiteral } from "pg";
import { expect, inject, test } from "vitest";
import { randomName } from "#platform/secrets/index.ts";
import { openTestTenancy } from "#testing/postgres.ts";
import { aFolderOfMigrations } from "#testing/migrations.ts";
import { withClient } from "./index.ts";
import { useExternalServer } from "./external-server.ts";

test("a server of one's own serves when its user may make databases and roles, without being a superuser", async () => {
  // A superuser has made the two shared roles before; on an untouched server the user makes them himself.
  await using _superusers = await openTestTenancy();
  const user = await aUser("CREATEDB CREATEROLE");
  await withClient(inject("testServer").connection, (client) =>
    client.query(`GRANT strongroom_owner, strongroom_runtime TO ${user.name} WITH ADMIN OPTION`),
  );
  const server = await useExternalServer(user.url);
  const migrations = {
    tenant: await aFolderOfMigrations({
      "0001-note.sql": "CREATE TABLE note (text text); GRANT SELECT ON note TO strongroom_runtime",
    }),
  };
  await using tenancy = await openTestTenancy({ server, migrations });
  const tenant = await tenancy.aTenant({ key: "theirs" });
  expect((await tenancy.pool(tenant).query("SELECT * FROM note")).rows).toEqual([]);
  await tenancy.suspend("theirs");
  await expect(tenancy.pool(tenant).query("SELECT 1")).rejects.toThrow("not permitted to log in");
});

test("a user who may not is named, with what he lacks", async () => {
  const { name, url } = await aUser("CREATEDB");
  await expect(useExternalServer(url)).rejects.toMatchObject({
    name: "SetupError",
    message: `DATABASE_URL signs in as ${name}, who must be allowed to make databases and roles: ALTER ROLE "${name}" CREATEDB CREATEROLE.`,
  });
});

test("an address that is none, or leads nowhere, is said to be so", async () => {
  await expect(useExternalServer("localhost:5432")).rejects.toThrow("must look like postgres://");
  await expect(useExternalServer("postgres://u:p@127.0.0.1:1/x")).rejects.toThrow(
    "DATABASE_URL cannot be reached",
  );
});

async function aUser(rights: string): Promise<{ name: string; url: string }> {
  const { connection } = inject("testServer");
  const name = randomName("u");
  const password = randomName("p");
  await withClient(connection, async (client) => {
    await client.query(`CREATE ROLE ${name} LOGIN ${rights} PASSWORD ${escapeLiteral(password)}`);
    await client.query(`GRANT CONNECT ON DATABASE postgres TO ${name}`);
  });
  const host = encodeURIComponent(connection.host);
  return { name, url: `postgres://${name}:${password}@localhost/postgres?host=${host}` };
}
