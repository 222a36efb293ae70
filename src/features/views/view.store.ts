import { sql } from "kysely";
import type { Db } from "#core/index.ts";

export type SavedView = { columns: string[] | null; sort: string | null };

export async function findView(db: Db, userId: number, module: string): Promise<SavedView> {
  const { rows } =
    await sql<SavedView>`select columns, sort from public.saved_view where user_id = ${userId} and module = ${module}`.execute(
      db,
    );
  return rows[0] ?? { columns: null, sort: null };
}

export async function saveView(db: Db, userId: number, module: string, view: SavedView): Promise<void> {
  await sql`insert into public.saved_view (user_id, module, columns, sort) values (${userId}, ${module}, ${view.columns}, ${view.sort})
    on conflict (user_id, module) do update set columns = excluded.columns, sort = excluded.sort`.execute(db);
}
