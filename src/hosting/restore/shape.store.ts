import { escapeIdentifier, type ClientBase } from "pg";
import { ours, quoted } from "./tables.store.ts";

/**
 * Everything about a database but its rows, one line each: columns, constraints, indexes, triggers, policies,
 * rights, functions. Two databases with the same lines behave the same.
 */
export async function shapeOf(client: ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(`
    WITH relation AS (SELECT c.*, n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${ours}),
    named AS (SELECT oid, nspname || '.' || relname AS name FROM relation)
    SELECT format('%s of %s owned by %s, row security %s %s, rights %s', relkind, nspname || '.' || relname,
      pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity,
      array(SELECT unnest(relacl)::text ORDER BY 1)) AS line FROM relation WHERE relkind IN ('r', 'v', 'S', 'p')
    UNION ALL SELECT format('column %s.%s %s%s %s identity "%s" generated "%s" collation %s default %s rights %s', r.name, a.attname,
      format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN ' not null' ELSE '' END, a.attstorage, a.attidentity, a.attgenerated,
      a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid), array(SELECT unnest(a.attacl)::text ORDER BY 1))
      FROM named r JOIN relation c USING (oid) JOIN pg_attribute a ON a.attrelid = r.oid
      LEFT JOIN pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
      WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL SELECT format('constraint %s on %s %s valid %s', k.conname, r.name, pg_get_constraintdef(k.oid), k.convalidated)
      FROM named r JOIN pg_constraint k ON k.conrelid = r.oid
    UNION ALL SELECT format('index %s valid %s', pg_get_indexdef(i.indexrelid), i.indisvalid)
      FROM named r JOIN pg_index i ON i.indrelid = r.oid
    UNION ALL SELECT format('trigger %s enabled %s', pg_get_triggerdef(t.oid), t.tgenabled)
      FROM named r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
    UNION ALL SELECT format('policy %s on %s %s to %s for %s using %s check %s', p.policyname, p.tablename, p.permissive, p.roles, p.cmd, p.qual, p.with_check)
      FROM pg_policies p
    UNION ALL SELECT format('function %s.%s(%s) %s by %s rights %s', n.nspname, f.proname, pg_get_function_identity_arguments(f.oid),
      md5(pg_get_functiondef(f.oid)), pg_get_userbyid(f.proowner), array(SELECT unnest(f.proacl)::text ORDER BY 1))
      FROM pg_proc f JOIN pg_namespace n ON n.oid = f.pronamespace WHERE ${ours} AND f.prokind IN ('f', 'p')
    UNION ALL SELECT format('schema %s by %s rights %s', n.nspname, pg_get_userbyid(n.nspowner), array(SELECT unnest(n.nspacl)::text ORDER BY 1))
      FROM pg_namespace n WHERE ${ours}
    ORDER BY 1`);
  return rows.map(({ line }) => line);
}

/** What one has and the other has not. */
export function differences(wanted: string[], found: string[]): string[] {
  const [wants, has] = [new Set(wanted), new Set(found)];
  return [
    ...wanted.filter((line) => !has.has(line)).map((line) => `missing: ${line}`),
    ...found.filter((line) => !wants.has(line)).map((line) => `too much: ${line}`),
  ];
}

type OwnColumn = { schema: string; table: string; name: string; definition: string };

/** Adds the columns that the tenant's database has beyond the migrations: his custom fields. */
export async function addOwnColumns(from: ClientBase, to: ClientBase): Promise<void> {
  const [wanted, there] = [await columnsOf(from), await columnsOf(to)];
  const keyOf = ({ schema, table, name }: OwnColumn) => JSON.stringify([schema, table, name]);
  const known = new Set(there.map(keyOf));
  for (const column of wanted.filter((each) => !known.has(keyOf(each)))) {
    const table = quoted({ schema: column.schema, name: column.table });
    await to.query(`ALTER TABLE ${table} ADD COLUMN ${escapeIdentifier(column.name)} ${column.definition}`);
  }
}

async function columnsOf(client: ClientBase): Promise<OwnColumn[]> {
  const { rows } = await client.query<OwnColumn>(`
    SELECT n.nspname AS schema, c.relname AS table, a.attname AS name,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation NOT IN (0, t.typcollation) THEN 'COLLATE ' || a.attcollation::regcollation END,
        CASE WHEN a.attgenerated = 's' THEN 'GENERATED ALWAYS AS (' || pg_get_expr(d.adbin, d.adrelid) || ') STORED'
          WHEN d.adbin IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid) END,
        CASE WHEN a.attnotnull THEN 'NOT NULL' END) AS definition
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND ${ours} ORDER BY 1, 2, a.attnum`);
  return rows;
}
