import { sql } from "kysely";
import type { Db } from "#core/index.ts";

export type Happened = { at: string; action: string; count: number };
export type Mark = {
  at: string;
  action: string;
  userId: number | null;
  by: string | null;
  module: string | null;
  fileName: string | null;
  records: number | null;
  detail: { target?: string; backFrom?: string } | null;
};

/** How many records were changed in each bucket, by action. Empty for who may not ask to restore. */
export async function happenedBetween(
  db: Db,
  { from, to }: { from: Date; to: Date },
  bucketSeconds: number,
): Promise<Happened[]> {
  const { rows } = await sql<Happened>`select at, action, count::int as count
    from public.happened(${from}, ${to}, make_interval(secs => ${bucketSeconds}))`.execute(db);
  return rows;
}

export async function marksBetween(
  db: Db,
  { from, to }: { from: Date; to: Date },
  limit: number,
): Promise<Mark[]> {
  const { rows } = await sql<Mark>`select m.at, m.action, m.user_id as "userId", u.full_name as by, m.module,
      m.file_name as "fileName", m.records, m.detail
    from public.marks(${from}, ${to}, ${limit}) m left join access.users u on u.id = m.user_id order by m.at desc`.execute(
    db,
  );
  return rows;
}

export async function namesOf(db: Db, ids: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await sql<{ id: number; name: string }>`
    select id, full_name as name from access.users where id = any(${ids}::integer[])`.execute(db);
  return new Map(rows.map(({ id, name }) => [id, name]));
}
