import { sql } from "kysely";
import { allowed } from "#access/index.ts";
import type { Actor, Db } from "#core/index.ts";

export type Change = { seq: number; at: string; user_id: number | null; module: string; record_id: string };
/** A change the actor may see; `version` is the record's now. */
export type SeenChange = { module: string; id: string; version: number; by: number | null };

export async function lastChange(db: Db): Promise<number> {
  const { rows } = await sql<{ seq: number }>`select public.last_change() as seq`.execute(db);
  return rows[0]?.seq ?? 0;
}

/** Changes after a row of the log, those told already left out. */
export async function changesSince(
  db: Db,
  point: number,
  told: readonly number[],
  limit: number,
): Promise<Change[]> {
  const most = limit + told.length;
  const { rows } = await sql<Change>`select * from public.changes_since(${point}, ${most})
    where not seq = any(${told}::bigint[])`.execute(db);
  return rows;
}

/** Those of the changes whose records the actor may view right now. */
export async function seenChanges(
  db: Db,
  actor: Actor,
  changes: readonly Change[],
  modules: readonly string[],
): Promise<SeenChange[]> {
  const seen: SeenChange[] = [];
  for (const module of modules) {
    const own = new Map(
      changes
        .filter((change) => change.module === module)
        .map((change) => [change.record_id, change.user_id]),
    );
    if (own.size === 0) continue;
    const { rows } = await sql<{
      id: string;
      version: number;
    }>`select r.id, r.version from ${sql.table(`public.${module}`)} r
      where r.id = any(${[...own.keys()]}::uuid[]) and ${allowed(actor, module, "view", "r")}`.execute(db);
    seen.push(...rows.map((row) => ({ module, ...row, by: own.get(row.id) ?? null })));
  }
  return seen;
}
