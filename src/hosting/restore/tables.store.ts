import type { ClientBase } from "pg";
import { escapeIdentifier } from "pg";

/** A table of a tenant's database with the columns that can be copied; generated ones are made anew. */
export type Table = { schema: string; name: string; bytes: number; columns: Column[] };
export type Column = { name: string; generated: boolean; hashable: boolean };

export const quoted = ({ schema, name }: Pick<Table, "schema" | "name">): string =>
  `${escapeIdentifier(schema)}.${escapeIdentifier(name)}`;

export const ours = "n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'";

/** All tables, largest first. */
export async function listTables(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(`
    SELECT n.nspname AS schema, c.relname AS name, pg_relation_size(c.oid)::float8 AS bytes,
      (SELECT coalesce(json_agg(json_build_object('name', a.attname, 'generated', a.attgenerated <> '',
          'hashable', EXISTS (SELECT FROM pg_opclass o JOIN pg_am m ON m.oid = o.opcmethod
            WHERE m.amname = 'hash' AND o.opcdefault AND o.opcintype IN (a.atttypid, t.typbasetype)) OR t.typcategory IN ('S', 'E')
            ) ORDER BY a.attname), '[]')
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND ${ours} ORDER BY bytes DESC, 1, 2`);
  return rows;
}

export type SequenceState = { schema: string; name: string; value: string; called: boolean };

export async function readSequences(client: ClientBase): Promise<SequenceState[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'S' AND ${ours} ORDER BY 1, 2`);
  const states: SequenceState[] = [];
  for (const sequence of rows) {
    const state = await client.query(
      `SELECT last_value::text AS value, is_called AS called FROM ${quoted(sequence)}`,
    );
    states.push({ ...sequence, ...state.rows[0] });
  }
  return states;
}

export async function setSequences(client: ClientBase, states: SequenceState[]): Promise<void> {
  for (const state of states)
    await client.query("SELECT setval($1::regclass, $2, $3)", [quoted(state), state.value, state.called]);
}

/** The number of rows and a sum over every row's hash, which does not depend on their order. */
export async function checksumOf(
  client: ClientBase,
  table: Table,
): Promise<{ rows: number; checksum: string }> {
  const columns = table.columns.map(
    ({ name, hashable }) => escapeIdentifier(name) + (hashable ? "" : "::text"),
  );
  const hash = columns.length === 0 ? "0" : `hash_record_extended(ROW(${columns.join(", ")}), 0)`;
  const { rows } = await client.query<{ rows: string; checksum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(${hash}), 0)::text AS checksum FROM ${quoted(table)}`,
  );
  return { rows: Number(rows[0]?.rows), checksum: rows[0]?.checksum ?? "" };
}
