import type { ClientBase } from "pg";
import { allModules } from "#modules/index.ts";

const batchRecords = 50_000;
const beforeAll = "00000000-0000-0000-0000-000000000000";
const columns = ["record_id", "module", "moves", "territory_id", "responsible_id", "second_responsible_id"];

/**
 * Tells a moment where every record is today that moved since. The first time all records of both are compared: a move
 * before the present kept them, or by way of a restore, is in no log. `from` is in one snapshot.
 */
export async function carryMoves(from: ClientBase, to: ClientBase): Promise<void> {
  const { rowCount: whole } = await to.query("SELECT FROM public.record_move WHERE record_id = $1", [
    beforeAll,
  ]);
  if (!whole) {
    await to.query("DELETE FROM public.record_move");
    for (const { name } of allModules) await compareAll(from, to, name);
    await to.query("INSERT INTO public.record_move VALUES ($1, '', 0, 0)", [beforeAll]);
  }
  // After a restore the present may know of fewer.
  await to.query("UPDATE public.record_move SET moves = 0 WHERE moves > 0");
  for (let after = beforeAll; ;) {
    const { rows } = await from.query<Record<string, unknown>>(
      "SELECT * FROM public.record_move WHERE record_id > $1 ORDER BY record_id LIMIT $2",
      [after, batchRecords],
    );
    if (rows.length === 0) return;
    await to.query(
      `INSERT INTO public.record_move (${columns.join()})
       SELECT ${columns.join()} FROM jsonb_populate_recordset(NULL::public.record_move, $1)
       ON CONFLICT (record_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join()}`,
      [JSON.stringify(rows)],
    );
    after = String(rows.at(-1)!["record_id"]);
  }
}

async function compareAll(from: ClientBase, to: ClientBase, module: string): Promise<void> {
  for (let after = beforeAll; ;) {
    const { rows } = await from.query<{ id: string }>(
      `SELECT id, territory_id, responsible_id, second_responsible_id FROM public.${module}
       WHERE id > $1 ORDER BY id LIMIT $2`,
      [after, batchRecords],
    );
    if (rows.length === 0) return;
    await to.query(
      `INSERT INTO public.record_move SELECT r.id, $2, 0, n.territory_id, n.responsible_id, n.second_responsible_id
       FROM jsonb_populate_recordset(NULL::public.${module}, $1) n JOIN public.${module} r USING (id)
       WHERE (r.territory_id, r.responsible_id, r.second_responsible_id)
         IS DISTINCT FROM (n.territory_id, n.responsible_id, n.second_responsible_id)`,
      [JSON.stringify(rows), module],
    );
    after = rows.at(-1)!.id;
  }
}

/** Makes a moment ask for what it was never told, at the next request. */
export async function forgetMoves(moment: ClientBase): Promise<void> {
  await moment.query(
    "BEGIN READ WRITE; DELETE FROM public.record_move; INSERT INTO public.record_move VALUES (gen_random_uuid(), '', -1, 0); COMMIT",
  );
}
