import { sql } from "kysely";
import { allowed } from "#access/index.ts";
import { planned, type Actor, type Db } from "#core/index.ts";
import { columnOf, fieldsOf, type Module } from "#records/index.ts";

export type Hit = { module: string; id: string; name: string; detail: string | null };

/** Hits of each module when all are asked, so that a common word does not hide the rarer modules. */
const hitsPerModule = 6;

/** What the definer function finds, read again under row security, in its order. */
export async function searchVisible(
  db: Db,
  actor: Actor,
  modules: readonly Module[],
  question: string,
  limit: number,
): Promise<Hit[]> {
  const names = modules.map((module) => module.name);
  const found = await sql<{
    module: string;
    record_id: string;
  }>`select * from public.search(${question}, ${names}::text[], ${modules.length > 1 ? Math.min(limit, hitsPerModule) : limit})`.execute(
    planned(db),
  );
  const parts = modules.flatMap((module) => {
    const ids = found.rows.filter((row) => row.module === module.name).map((row) => row.record_id);
    return ids.length === 0 ? [] : [hitsOf(actor, module, ids)];
  });
  if (parts.length === 0) return [];
  const { rows } = await sql<Hit>`${sql.join(parts, sql` union all `)}`.execute(planned(db));
  const place = new Map(found.rows.map((row, index) => [row.record_id, index]));
  return rows.sort((one, other) => (place.get(one.id) ?? 0) - (place.get(other.id) ?? 0)).slice(0, limit);
}

function hitsOf(actor: Actor, module: Module, ids: readonly string[]) {
  const field = fieldsOf(module).find((each) => each.name === module.detailField);
  const detail =
    field === undefined
      ? sql`null::text`
      : field.type === "relation"
        ? sql`(select t.name from ${sql.table(`public.${field.module}`)} t where t.id = r.${sql.ref(columnOf(field))} and t.deleted_at is null and ${allowed(actor, field.module, "view", "t")})`
        : sql`r.${sql.ref(columnOf(field))}::text`;
  return sql`select ${module.name} as module, r.id, r.name, ${detail} as detail from ${sql.table(`public.${module.name}`)} r
    where r.id = any(${ids}::uuid[]) and r.deleted_at is null and ${allowed(actor, module.name, "view", "r")}`;
}
