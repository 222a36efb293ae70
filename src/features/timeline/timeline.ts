import { z } from "zod";
import { query, rawText, scopeOf, type Action, type Work } from "#core/index.ts";
import {
  findVisible,
  pageOutput,
  recordId,
  type Module,
  type ShownRecord,
  type StoredRecord,
} from "#records/index.ts";
import { markOf, markText, type Mark } from "./mark.ts";
import { activitiesAround, historyOf, namedChanges, type HistoryRow } from "./timeline.store.ts";

const limit = 50;
const input = z.strictObject({ id: recordId, after: rawText(300).optional() });
type Item = {
  kind: string;
  at: string;
  by: { id: number; name: string } | null;
  changes?: unknown;
  activity?: ShownRecord;
};
/** One thing that happened, and where the timeline goes on after it. */
type Happened = { item: Item; after: Partial<Mark> };

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
      const mark = markOf(work.input.after);
      const changes = await changesOf(work, module, stored.id, mark);
      // What refers to a record in the bin refers to nothing, for everybody.
      const activities =
        stored.deleted_at === null ? await doneAround(work, module, activity, stored.id, mark) : [];
      const all = inOrder(changes, activities);
      const shown = all.slice(0, limit);
      const isMore = all.length > limit || changes.length === limit || activities.length === limit;
      const next = isMore ? markText(Object.assign({}, mark, ...shown.map(({ after }) => after))) : null;
      return { items: shown.map(({ item }) => item), next };
    },
    audited: (asked) => ({ module: module.name, recordId: asked.id }),
  });
}

/** Each keeps its own order, whatever the clock did: a page ends at one place in either. */
function inOrder(one: readonly Happened[], other: readonly Happened[]): Happened[] {
  const all: Happened[] = [];
  for (let [first, second] = [0, 0]; first < one.length || second < other.length;) {
    const [left, right] = [one[first], other[second]];
    const takesLeft = right === undefined || (left !== undefined && left.item.at >= right.item.at);
    all.push((takesLeft ? left : right) as Happened);
    if (takesLeft) first++;
    else second++;
  }
  return all;
}

async function changesOf(
  { db, actor }: Work<unknown>,
  module: Module,
  id: string,
  mark: Mark,
): Promise<Happened[]> {
  const rows = await historyOf(db, module, id, mark.seq, limit);
  const changes = await namedChanges(db, actor, module, rows);
  return rows.map((row, index) => ({
    item: {
      kind: kindOf(row),
      at: row.at,
      by: row.by === null ? null : { id: row.user_id ?? 0, name: row.by },
      changes: changes[index],
    },
    after: { seq: row.seq },
  }));
}

async function doneAround(
  { db, actor }: Work<unknown>,
  module: Module,
  activity: Module,
  id: string,
  mark: Mark,
): Promise<Happened[]> {
  if (scopeOf(actor, activity.name, "view") === "none") return [];
  const around = await activitiesAround(db, actor, { module, activity, id, mark, limit });
  return around.map(({ at, record }) => ({
    item: { kind: "activity", at, by: record["responsible"] as Item["by"], activity: record },
    after: { at, id: record.id as string },
  }));
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
