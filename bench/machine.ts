import { availableParallelism, totalmem } from "node:os";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import type { Results } from "./results.ts";
import type { Size } from "./size.ts";

/** Where and on what the numbers were taken. */
export async function machineFacts(server: ServerConnection, size: Size): Promise<Results> {
  const { rows } = await withClient(server, (client) =>
    client.query<{ version: string }>("select current_setting('server_version') as version"),
  );
  return {
    "machine.date": new Date().toISOString().slice(0, 10),
    "machine.cores": availableParallelism(),
    "machine.memoryGigabytes": Math.round(totalmem() / 1024 ** 3),
    "machine.postgresql": rows[0]?.version ?? "",
    "machine.node": process.versions.node,
    "records.organisations": size.organisations,
    "records.persons": size.persons,
    "records.opportunities": size.opportunities,
    "records.activities": size.activities,
  };
}
