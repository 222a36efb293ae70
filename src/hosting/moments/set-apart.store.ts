import type { ClientBase } from "pg";

type Today = {
  users: readonly { id?: number; created_at?: string }[];
  territories: readonly { id?: number; name?: string }[];
  /** The present grew out of the very database this moment was in, so that a number never means another place. */
  sameLine: boolean;
};

const userColumns = [
  "responsible_id",
  "second_responsible_id",
  "created_by",
  "changed_by",
  "user_id",
  "erased_by",
];
const territoryColumns = ["territory_id"];

/**
 * After a restore numbers are given again, so a user or place of then may bear the number of another one today, whose
 * rights must not reach its records. These get a number that nobody will ever have.
 */
export async function setApart(client: ClientBase, { users, territories, sameLine }: Today): Promise<void> {
  const others = await client.query<{ id: number }>(
    `SELECT u.id FROM access.users u JOIN json_to_recordset($1) t (id integer, created_at timestamptz) USING (id)
     WHERE u.created_at <> t.created_at`,
    [JSON.stringify(users)],
  );
  for (const { id } of others.rows) await renumber(client, "access.users", userColumns, id);
  if (sameLine) return;
  const elsewhere = await client.query<{ id: number }>(
    `SELECT p.id FROM access.territory p JOIN json_to_recordset($1) t (id integer, name text) USING (id) WHERE p.name <> t.name`,
    [JSON.stringify(territories)],
  );
  for (const { id } of elsewhere.rows) await renumber(client, "access.territory", territoryColumns, id);
}

async function renumber(client: ClientBase, table: string, columns: string[], id: number): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `SELECT format('UPDATE %s SET %s = -%2$s WHERE %2$s = $1', c.oid::regclass, quote_ident(a.attname)) AS statement
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND a.attname = ANY ($1)`,
    [columns],
  );
  for (const { statement } of rows) await client.query(statement, [id]);
  // One that was set apart before has nothing left under its number.
  await client.query(
    `UPDATE ${table} SET id = -id WHERE id = $1 AND NOT EXISTS (SELECT FROM ${table} o WHERE o.id = -$1)`,
    [id],
  );
}
