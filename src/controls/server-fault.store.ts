import { Client } from "pg";
import { connectionsOf } from "#hosting/index.ts";
import type { Tenancy } from "#platform/tenancy/index.ts";
import type { System } from "./system.ts";

/** Breaks something on the server as its administrator; answers with what mends it. */
export async function breakOnServer(
  tenancy: Tenancy,
  breaking: string,
  mending: string,
): Promise<() => Promise<unknown>> {
  await tenancy.registry.query(breaking);
  return () => tenancy.registry.query(mending);
}

/** Opens connections until nine tenths of all there may be are taken. */
export async function takeConnections({ connection, tenancy }: System): Promise<() => Promise<unknown>> {
  const { used, max } = await connectionsOf(tenancy);
  const taken: Client[] = [];
  while (used + taken.length < max * 0.9) {
    const client = new Client({ ...connection, application_name: "strongroom fault" });
    client.on("error", () => undefined);
    await client.connect();
    taken.push(client);
  }
  return () => Promise.all(taken.map((client) => client.end()));
}
