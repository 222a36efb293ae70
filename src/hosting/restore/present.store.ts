import type { ClientBase } from "pg";
import { migrate, withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { ownerRole, registryName, tenantMigrations } from "#platform/tenancy/index.ts";
import { markRestored } from "./audit-heads.store.ts";
import { giveToday, readToday, type CarriedOver, type Today } from "./carry-over.store.ts";

type Row = { id: string; key: string; state: string; databaseName: string; roleName: string };

/** Of every tenant, by its id: who may do what, what is erased, and whether it is suspended. */
export type Present = ReadonlyMap<string, { state: string; today: Today }>;

/** What a server recovered to an earlier moment was given; `shut` are suspended, because it could not be given to them. */
export type CarriedToServer = {
  tenants: ({ key: string } & CarriedOver)[];
  suspended: string[];
  shut: { key: string; reason: string }[];
};

/** Reads it on a server at the end of the archive. */
export async function readPresent(server: ServerConnection): Promise<Present> {
  const present = new Map<string, { state: string; today: Today }>();
  for (const { id, state, databaseName } of await inRegistry(server, listAll))
    present.set(id, { state, today: await readToday({ ...server, database: databaseName }) });
  return present;
}

/**
 * Gives it to the server that goes on. A tenant to whom it cannot be given is suspended: nobody comes back who was shut
 * out since. All sessions end, whatever is given.
 */
export async function givePresent(
  server: ServerConnection,
  present: Present | undefined,
  mark: object,
): Promise<CarriedToServer> {
  const carried: CarriedToServer = { tenants: [], suspended: [], shut: [] };
  for (const tenant of await inRegistry(server, listAll)) {
    const { id, key, state } = tenant;
    const database = { ...server, database: tenant.databaseName };
    await markRestored(database, mark);
    const now = present?.get(id);
    if (now === undefined) continue;
    if (now.state === "suspended" && state !== "suspended") {
      await inRegistry(server, (client) => suspend(client, tenant));
      carried.suspended.push(key);
    }
    try {
      await bringUp(database);
      carried.tenants.push({ key, ...(await giveToday(now.today, database)) });
    } catch (error) {
      await inRegistry(server, (client) => suspend(client, tenant));
      carried.shut.push({ key, reason: (error as Error).message });
    }
  }
  return carried;
}

const inRegistry = <Result>(server: ServerConnection, work: (client: ClientBase) => Promise<Result>) =>
  withClient({ ...server, database: registryName }, work);

async function listAll(client: ClientBase): Promise<Row[]> {
  const { rows } = await client.query<Row>(
    `SELECT id, key, state, database_name AS "databaseName", role_name AS "roleName"
     FROM tenants WHERE state <> 'creating' ORDER BY key`,
  );
  return rows;
}

async function suspend(client: ClientBase, { id, roleName }: Row): Promise<void> {
  await client.query("UPDATE tenants SET state = 'suspended' WHERE id = $1", [id]);
  await client.query(`ALTER ROLE "${roleName.replaceAll('"', '""')}" NOLOGIN`);
}

// What is given is of the newest version of the program.
async function bringUp(database: ServerConnection): Promise<void> {
  await withClient(database, async (client) => {
    await client.query(`SET statement_timeout = 0; SET ROLE ${ownerRole}`);
    await migrate(client, tenantMigrations);
  });
}
