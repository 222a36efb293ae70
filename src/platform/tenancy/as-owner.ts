import type { ClientBase } from "pg";
import { withClient, type ServerConnection } from "../postgres/index.ts";
import { ownerRole } from "./database.store.ts";
import type { Tenant } from "./tenant.ts";

/** One connection to a tenant's database as the owner of everything in it. Never in the path of a request. */
export async function asOwner<Result>(
  connection: ServerConnection,
  tenant: Tenant,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  return withClient({ ...connection, database: tenant.databaseName }, async (client) => {
    await client.query(`SET ROLE ${ownerRole}`);
    return work(client);
  });
}
