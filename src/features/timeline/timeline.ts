import { z } from "zod";
import { query, scopeOf, type Action, type Work } from "#core/index.ts";
import {
  chosenFields,
  compileFilter,
  findVisible,
  getField,
  listVisible,
  pageOutput,
  recordId,
  type Module,
  type ShownRecord,
  type StoredRecord,
} from "#records/index.ts";
import { historyOf, namedChanges, type HistoryRow } from "./timeline.store.ts";

const limit = 50;
const input = z.strictObject({
  id: recordId,
  after: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});
type Item = {
  kind: string;
  at: string;
  by: { id: number; name: string } | null;
  changes?: unknown;
  activity?: ShownRecord;
};

/** What happened to a record and around it, newest first: its changes, and the activities linked to it. */
export function showTimeline(
  module: Module,
  activity: Module,
): Action<z.infer<typeof input>, { items: Item[]; next: string | null }> {
  return query({
    name: `${module.name}.timeline`,
    summary: `Changes of one ${module.name} and activities around it, newest first.`,
    input,
    output: pageOutput(z.object({ kind: z.string(), at: z.string() })),
    find: async ({ db, actor, input: { id } }) =>
      (await findVisible(db, actor, module, id)) ?? (await findVisible(db, actor, module, id, { bin: true })),
    run: async (work, stored: StoredRecord) => {
      const rows = await historyOf(work.db, module, stored.id, work.input.after ?? null, limit);
      const changes = await namedChanges(work.db, work.actor, module, rows);
      const items: Item[] = rows.map((row, index) => ({
        kind: kindOf(row),
        at: row.at,
        by: row.by === null ? null : { id: row.user_id ?? 0, name: row.by },
        changes: changes[index],
      }));
      if (work.input.after === undefined)
        items.push(...(await activitiesAround(work, module, activity, stored.id)));
      return {
        items: items.sort((one, other) => (one.at < other.at ? 1 : -1)),
        next: rows.length === limit ? String(rows.at(-1)?.seq) : null,
      };
    },
    audited: (asked) => ({ module: module.name, recordId: asked.id }),
  });
}

const kinds: Readonly<Record<string, string>> = {
  create: "created",
  change: "changed",
  move: "changed",
  delete: "deleted",
  restore: "restored",
  reassign: "reassigned",
  import: "imported",
  undo: "deleted",
};
const kindOf = (row: HistoryRow): string => kinds[row.action.split(".").at(-1) ?? ""] ?? "changed";

async function activitiesAround(
  { db, actor, call }: Work<unknown>,
  module: Module,
  activity: Module,
  id: string,
): Promise<Item[]> {
  const linked = activity.fields.some((field) => field.type === "relation" && field.module === module.name);
  if (!linked || scopeOf(actor, activity.name, "view") === "none") return [];
  const sort = getField(activity, "dueAt", "sort");
  const filter = compileFilter(
    { actor, call },
    activity,
    JSON.stringify({ field: module.name, op: "in", value: [id] }),
  );
  const fields = chosenFields(activity, undefined);
  const records = await listVisible(db, actor, {
    module: activity,
    fields,
    filter,
    sort,
    descending: true,
    after: undefined,
    limit,
    bin: false,
  });
  return records.map((record) => ({
    kind: "activity",
    at: String(record["doneAt"] ?? record["dueAt"] ?? record["createdAt"]),
    by: record["responsible"] as Item["by"],
    activity: record,
  }));
}
