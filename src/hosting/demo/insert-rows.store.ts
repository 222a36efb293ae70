import type { ClientBase } from "pg";

/** Inserts rows of equal keys with one statement per thousand, as the owner of the tenant's database. */
export async function insertRows(owner: ClientBase, table: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first);
  for (let start = 0; start < rows.length; start += 1000) {
    const part = rows.slice(start, start + 1000);
    await owner.query(`insert into ${table} (${columns.join(", ")}) select ${columns.join(", ")} from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [JSON.stringify(part)]);
  }
}
