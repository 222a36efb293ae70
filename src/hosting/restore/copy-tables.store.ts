import { pipeline } from "node:stream/promises";
import { escapeIdentifier, type ClientBase } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { letServerStandBack, withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { ownerRole } from "#platform/tenancy/index.ts";
import { inTurns } from "./in-turns.ts";
import { dropIndexes, readIndexes, stepsToMake } from "./indexes.store.ts";
import { addOwnColumns } from "./shape.store.ts";
import { listTables, quoted, readSequences, setSequences, type Table } from "./tables.store.ts";

/** A tenant's database as it was, and the fresh one that becomes it. */
export type Copy = { from: ServerConnection; to: ServerConnection; signal?: AbortSignal };

/** Empties every table of the new database, adds the tenant's own columns and takes the indexes away. */
export async function makeReady({ from, to }: Copy): Promise<Table[]> {
  return withClient(from, (source) =>
    asAdministrator(to, async (client) => {
      await client.query(`SET ROLE ${ownerRole}`);
      await addOwnColumns(source, client);
      await dropIndexes(client);
      await client.query("RESET ROLE");
      return listTables(source);
    }),
  );
}

/** Copies all rows and sets the sequences. Triggers do not fire: what they derive is copied with the rest. */
export async function copyRows(copy: Copy, tables: Table[]): Promise<number> {
  let bytes = 0;
  await inTurns(tables, async (table) => {
    bytes += await copyTable(copy, table);
  });
  await withClient(copy.from, (source) =>
    asAdministrator(copy.to, async (client) => setSequences(client, await readSequences(source))),
  );
  return bytes;
}

async function copyTable({ from, to, signal }: Copy, table: Table): Promise<number> {
  const columns = table.columns
    .filter(({ generated }) => !generated)
    .map(({ name }) => escapeIdentifier(name));
  const named = `${quoted(table)} (${columns.join(", ")})`;
  return withClient(from, (source) =>
    asAdministrator(to, async (client) => {
      await letServerStandBack(source);
      // Rows of a table emptied in the same transaction can be written frozen: nothing has to visit them again.
      await client.query(`SET session_replication_role = replica; BEGIN; TRUNCATE ${quoted(table)}`);
      const reading = source.query(copyTo(`COPY ${named} TO STDOUT (FORMAT binary)`));
      const writing = client.query(copyFrom(`COPY ${named} FROM STDIN (FORMAT binary, FREEZE)`));
      let bytes = 0;
      reading.on("data", (chunk: Buffer) => (bytes += chunk.length));
      await pipeline(reading, writing, signal === undefined ? {} : { signal });
      await client.query("COMMIT");
      return bytes;
    }),
  );
}

/** Makes the indexes and constraints again as the tenant had them; every reference is checked. */
export async function makeIndexes({ from, to, signal }: Copy): Promise<void> {
  const wanted = await withClient(from, readIndexes);
  const steps = stepsToMake(wanted, await withClient(to, readIndexes));
  await inTurns(steps.indexes, async (statement) => {
    signal?.throwIfAborted();
    await asAdministrator(to, (client) => client.query(`SET maintenance_work_mem = '128MB'; ${statement}`));
  });
  await asAdministrator(to, async (client) => {
    for (const statement of steps.constraints) {
      signal?.throwIfAborted();
      await client.query(statement);
    }
    await client.query("ANALYZE");
  });
}

async function asAdministrator<Result>(
  to: ServerConnection,
  work: (client: ClientBase) => Promise<Result>,
): Promise<Result> {
  return withClient({ ...to, application_name: "strongroom restore" }, async (client) => {
    await client.query("SET statement_timeout = 0; SET synchronous_commit = off");
    // New indexes go into the log page by page, and whoever writes meanwhile waits for the disk behind them.
    await client.query(
      "SELECT set_config('wal_compression', 'on', false) WHERE has_parameter_privilege('wal_compression', 'SET')",
    );
    // Parallel workers would not stand back with this connection.
    await client.query("SET max_parallel_maintenance_workers = 0; SET max_parallel_workers_per_gather = 0");
    await letServerStandBack(client);
    return work(client);
  });
}
