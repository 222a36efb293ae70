import { sql } from "kysely";
import { v7 as timeOrderedId } from "uuid";
import { writeBulkAudit, type AuditRow, type Db, type Door } from "#core/index.ts";
import { columnOf, type Field } from "#records/index.ts";
import { isSelf, type Plan } from "./plan.ts";
import type { Prepared } from "./prepare.ts";

const columnTypes: { readonly [type in Field["type"]]: string } = {
  text: "text",
  longText: "text",
  email: "text",
  phone: "text",
  url: "text",
  choice: "text",
  integer: "integer",
  decimal: "numeric",
  money: "numeric",
  date: "date",
  dateTime: "timestamptz",
  yesNo: "boolean",
  relation: "uuid",
  user: "integer",
  territory: "integer",
};

/**
 * Inserts a batch with one statement as the asker, so that the policies judge every row, and writes what became
 * of each into the audit log. `idOf` gives the ids that were promised to rows that others refer to.
 */
export async function insertRecords(
  db: Db,
  plan: Plan,
  importId: string,
  audit: { row: AuditRow; door: Door },
  rows: readonly Prepared[],
  idOf: (row: number) => string | undefined,
): Promise<void> {
  if (rows.length === 0) return;
  const ids = rows.map(({ row }) => idOf(row) ?? timeOrderedId());
  const own = plan.filled
    .map(({ field }, place) => ({ field, place }))
    .filter(({ field }) => field.type !== "territory");
  const columns = own.map(({ field }) => sql.ref(columnOf(field)));
  const arrays = own.map(
    ({ field, place }) =>
      sql`${rows.map(({ values }) => values[place])}::${sql.raw(columnTypes[field.type])}[]`,
  );
  const territories =
    plan.module.follows === undefined ? rows.map(({ territory }) => territory ?? 0) : undefined;
  const place = territories === undefined ? [] : [sql.ref("territory_id"), sql.ref("territory_set")];
  const placed = territories === undefined ? [] : [sql`territory_id`, sql`territory_id <> 0`];
  await sql`insert into ${sql.table(`public.${plan.module.name}`)} (id, import_id, created_by, changed_by, ${sql.join([...columns, ...place])})
    select id, ${importId}::uuid, ${plan.actor.userId}::integer, ${plan.actor.userId}::integer, ${sql.join([...columns, ...placed])}
    from unnest(${ids}::uuid[], ${sql.join([...arrays, ...(territories === undefined ? [] : [sql`${territories}::integer[]`])])})
      as r(id, ${sql.join([...columns, ...place.slice(0, 1)])})`.execute(db);
  await writeBulkAudit(db, audit.door, audit.row, { ids, details: rows.map((row) => detailOf(plan, row)) });
}

/** What the timeline shows of a new record: every value it came with. */
function detailOf(plan: Plan, { values }: Prepared): object {
  const changes: { field: string; before: null; after: unknown }[] = [];
  for (const [place, { field }] of plan.filled.entries())
    if (values[place] !== null) changes.push({ field: field.name, before: null, after: values[place] });
  return { changes };
}

/** A parent may come later in the file than what is below it: the database looks at them together at the end. */
export async function allowLaterParents(db: Db, plan: Plan): Promise<void> {
  if (plan.filled.some(({ field }) => isSelf(plan, field)))
    await sql`set constraints all deferred`.execute(db);
}
