import { z } from "zod";
import type { Actor, Db } from "#core/index.ts";
import { showSome, type Module, type ShownRecord } from "#records/index.ts";
import { absentAmong, changersOf, rowsOf } from "./compare.store.ts";
import { differing, type Row } from "./compared-fields.ts";
import { kindOf, kinds, type Found } from "./scan.ts";

const value = z.unknown();
export const differenceOutput = z.object({
  id: z.string(),
  module: z.string(),
  name: z.string(),
  kind: z.enum(kinds),
  /** Of the present: to be sent when it is taken back. Null when it is not there at all. */
  version: z.int().nullable(),
  fields: z.array(z.object({ field: z.string(), before: value, now: value })),
  changedAt: z.string().nullable(),
  changedBy: z.string().nullable(),
});
export type Difference = z.infer<typeof differenceOutput>;

type Asked = { db: Db; actor: Actor };
type Both = { before: Row | undefined; now: Row | undefined };
type Shown = { before: ShownRecord | undefined; now: ShownRecord | undefined };

/** What was found, with names, fields and who did it last. */
export async function shownDifferences(
  { db, actor }: Asked,
  then: Db,
  module: Module,
  found: readonly Found[],
): Promise<Difference[]> {
  const ids = found.map(({ id }) => id);
  const [oldRows, rows, oldShown, shown] = await Promise.all([
    rowsOf(then, actor, module, ids),
    rowsOf(db, actor, module, ids),
    showSome(then, actor, module, ids),
    showSome(db, actor, module, ids),
  ]);
  const changers = await changersOf(db, rows.values());
  return found.map(({ kind, id, version }) => {
    const both = { before: oldRows.get(id), now: rows.get(id) };
    const seen = { before: oldShown.get(id), now: shown.get(id) };
    return { kind, ...told(module, id, both, seen, changers), version };
  });
}

function told(
  module: Module,
  id: string,
  { before, now }: Both,
  seen: Shown,
  changers: Map<unknown, string>,
) {
  const fields = before === undefined || now === undefined ? [] : differing(module, before, now);
  return {
    id,
    module: module.name,
    name: String(before?.name ?? now?.name ?? ""),
    version: now?.version ?? null,
    fields: fields.map(({ name }) => ({
      field: name,
      before: seen.before?.[name] ?? null,
      now: seen.now?.[name] ?? null,
    })),
    changedAt: (now?.["changed_at"] as string | undefined) ?? null,
    changedBy: changers.get(now?.["changed_by"]) ?? null,
  };
}

/** One record in both; undefined when the actor sees it in neither. */
export async function recordDifference({ db, actor }: Asked, then: Db, module: Module, id: string) {
  const read = async (from: Db) => (await rowsOf(from, actor, module, [id])).get(id);
  const show = async (from: Db) => (await showSome(from, actor, module, [id])).get(id);
  const both: Both = { before: await read(then), now: await read(db) };
  if (both.before === undefined && both.now === undefined) return undefined;
  const seen: Shown = { before: await show(then), now: await show(db) };
  const isGone = both.now === undefined && (await absentAmong(db, module, [id])).has(id);
  const isCome = both.before === undefined && (await absentAmong(then, module, [id])).has(id);
  const equal = both.before && both.now && differing(module, both.before, both.now).length === 0;
  const mark = (row: Row | undefined, sum: string) => row && { live: row.deleted_at === null, sum };
  const kind = kindOf(mark(both.before, ""), mark(both.now, equal === true ? "" : "other"), isGone, isCome);
  const changers = await changersOf(db, both.now === undefined ? [] : [both.now]);
  return {
    ...told(module, id, both, seen, changers),
    kind: kind ?? (both.before && both.now ? ("same" as const) : ("gone" as const)),
    before: seen.before ?? null,
    now: seen.now ?? null,
  };
}
