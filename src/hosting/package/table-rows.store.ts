import { escapeIdentifier, type ClientBase } from "pg";
import { ours, quoted } from "../restore/tables.store.ts";

export type PackedTable = {
  schema: string;
  name: string;
  columns: string[];
  leftOut: string[];
  heavy: boolean;
};
export type Snapshot = ClientBase;
export type PackedRow = { json: string; cells: (string | null)[] };

/** What lets somebody in is no data: passwords, tokens, and answers that held one. */
const secret = `(a.attname ~ '(^|_)(hash|password|secret|token)$' OR (n.nspname, c.relname, a.attname) = ('public', 'idempotency', 'result'))`;

/** Every table of the tenant's database by name; `heavy` ones may have rows of mebibytes. */
export async function listPacked(client: ClientBase): Promise<PackedTable[]> {
  const columns = (condition: string) =>
    `coalesce(array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE ${condition}), '{}')`;
  const { rows } = await client.query<PackedTable>(`
    SELECT n.nspname::text AS schema, c.relname::text AS name, ${columns(`NOT ${secret}`)} AS columns,
      ${columns(secret)} AS "leftOut", bool_or(a.atttypid = 'bytea'::regtype) AS heavy
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind = 'r' AND ${ours} AND a.attnum > 0 AND NOT a.attisdropped GROUP BY 1, 2 ORDER BY 1, 2`);
  return rows;
}

/** All that follows sees the database as it is now, past its policies, whoever works on meanwhile. */
export async function beginSnapshot(client: ClientBase): Promise<void> {
  await client.query(
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL TIME ZONE 'UTC'; SET LOCAL row_security = off; SET LOCAL statement_timeout = 0",
  );
}

/** The rows a few at a time, each as one JSON text with its exact values and as texts. */
export async function* rowsOf(client: ClientBase, table: PackedTable): AsyncGenerator<PackedRow[]> {
  const names = table.columns.map(escapeIdentifier);
  const texts = names.map((name) => `t.${name}::text`).join(", ");
  const inner = `SELECT ${names.join(", ")} FROM ${quoted(table)}`;
  await client.query(
    `DECLARE packed NO SCROLL CURSOR FOR SELECT row_to_json(t)::text AS json, ARRAY[${texts}]::text[] AS cells FROM (${inner}) t`,
  );
  for (;;) {
    const { rows } = await client.query<PackedRow>(`FETCH ${table.heavy ? 4 : 500} FROM packed`);
    if (rows.length === 0) break;
    yield rows;
  }
  await client.query("CLOSE packed");
}
