import { sql } from "kysely";
import { refusalOf, Refusal, type Db } from "#core/index.ts";
import type { Module } from "#records/index.ts";
import type { Plan } from "./plan.ts";

/** Writes a plan; answers the record's new version. The database asks for every right once more. */
export async function write(db: Db, module: Module, { id, now, values }: Plan): Promise<number> {
  const table = sql.table(`public.${module.name}`);
  const entries = Object.entries(values);
  const statement =
    now === undefined
      ? sql<{
          version: number;
        }>`insert into ${table} (${sql.join(entries.map(([column]) => sql.ref(column)))})
          values (${sql.join(entries.map(([, value]) => value))}) returning version`
      : sql<{ version: number }>`update ${table} set ${sql.join(
          entries.map(([column, value]) => sql`${sql.ref(column)} = ${value}`),
        )} where id = ${id} returning version`;
  const { rows } = await statement.execute(db);
  if (rows[0] === undefined) throw new Refusal("not_found");
  return rows[0].version;
}

/** Runs `work` so that, when the database refuses it, nothing of it is left and the transaction goes on; answers the refusal. */
export async function attempt(db: Db, work: () => Promise<void>): Promise<Refusal | undefined> {
  await sql`savepoint attempt`.execute(db);
  try {
    await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined || refusal.code === "unavailable") throw error;
    await sql`rollback to savepoint attempt`.execute(db);
    return refusal;
  }
  await sql`release savepoint attempt`.execute(db);
  return undefined;
}
