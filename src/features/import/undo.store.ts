import { sql } from "kysely";
import { allowed } from "#access/index.ts";
import type { Actor, Db } from "#core/index.ts";

/** Puts the next untouched records of an import into the bin, in the order of their ids; answers these. */
export async function binNext(
  db: Db,
  actor: Actor,
  module: string,
  importId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  const table = sql.table(`public.${module}`);
  const { rows } = await sql<{ id: string }>`update ${table} r set deleted_at = now() where r.id in (
      select o.id from ${table} o where o.import_id = ${importId} and o.id > ${after} and o.version = 1 and o.deleted_at is null
        and ${allowed(actor, module, "view", "o")} and ${allowed(actor, module, "delete", "o")} order by o.id limit ${limit})
    and r.version = 1 and r.deleted_at is null returning r.id`.execute(db);
  return rows.map(({ id }) => id).sort();
}

export type Left = { id: string; name: string; changed: boolean };

/** Records of an import that the actor sees and that are still there. */
export async function leftNext(
  db: Db,
  actor: Actor,
  module: string,
  importId: string,
  after: string,
  limit: number,
): Promise<Left[]> {
  const { rows } =
    await sql<Left>`select r.id, r.name, r.version <> 1 as changed from ${sql.table(`public.${module}`)} r
    where r.import_id = ${importId} and r.id > ${after} and r.deleted_at is null and ${allowed(actor, module, "view", "r")} order by r.id limit ${limit}`.execute(
      db,
    );
  return rows;
}
