import { v7 as timeOrderedId } from "uuid";
import type { AuditRow, Db, Door } from "#core/index.ts";
import { allowLaterParents, insertRecords } from "./insert-records.store.ts";
import { resolveParents, type Named } from "./parents.ts";
import { isSelf, textOf, type Plan } from "./plan.ts";
import { prepareBatch, type Batch, type ResolveSelf } from "./prepare.ts";
import { fault } from "./read-cell.ts";
import type { FileRow } from "./read-rows.ts";

/** The file again from its first row of values, as often as it is asked for. */
export type ReadAgain = () => AsyncIterable<readonly FileRow[]>;
/** Where the records go; undefined for a dry run, which is the same in all else. */
export type Into =
  | { readonly db: Db; readonly importId: string; readonly audit: { row: AuditRow; door: Door } }
  | undefined;

/** Takes the file into a module; one batch is inserted while the next is prepared. Yields what became of the rows. */
export async function* takeRecords(plan: Plan, read: ReadAgain, into: Into): AsyncGenerator<Batch> {
  const { resolveSelf, idOf } = await aboveEachOther(plan, read);
  if (into !== undefined) await allowLaterParents(into.db, plan);
  let last: { batch: Batch; inserted: Promise<void> } | undefined;
  try {
    for await (const rows of read()) {
      const batch = await prepareBatch(plan, rows, resolveSelf);
      await last?.inserted;
      if (last !== undefined) yield last.batch;
      const inserted =
        into === undefined
          ? Promise.resolve()
          : insertRecords(into.db, plan, into.importId, into.audit, batch.taken, idOf);
      // Awaited with the next batch; until then a failure is not an unhandled one.
      inserted.catch(() => undefined);
      last = { batch, inserted };
    }
  } catch (error) {
    // After a failed insert everything else fails too; the first failure is the reason.
    await last?.inserted;
    throw error;
  }
  await last?.inserted;
  if (last !== undefined) yield last.batch;
}

type Above = { resolveSelf: ResolveSelf; idOf: (row: number) => string | undefined };

/** Reads the file once before, when its rows refer to each other. */
async function aboveEachOther(plan: Plan, read: ReadAgain): Promise<Above> {
  const self = plan.filled.find(({ field, column }) => isSelf(plan, field) && column !== undefined);
  if (self === undefined) return { resolveSelf: () => null, idOf: () => undefined };
  const named: Named[] = [];
  const nameAt = plan.places.get("name") ?? 0;
  for await (const rows of read()) {
    const cells = new Map(rows.map((each) => [each.row, each.cells]));
    const { taken } = await prepareBatch(plan, rows, () => null);
    for (const { row, values } of taken)
      named.push({ row, name: String(values[nameAt]), above: textOf(self, cells.get(row) ?? []) });
  }
  const { name: module } = plan.module;
  await plan.lookUp.load(module, new Set(named.map(({ above }) => above).filter((above) => above !== "")));
  const answers = resolveParents(named, (text) => plan.lookUp.find(module, text));
  const ids = new Map<number, string>();
  for (const answer of answers.values())
    if ("row" in answer && !ids.has(answer.row)) ids.set(answer.row, timeOrderedId());
  return {
    idOf: (row) => ids.get(row),
    resolveSelf: (row) => {
      const answer = answers.get(row);
      if (answer === undefined) return null;
      if ("reason" in answer) return fault(answer.reason, plan.actor.language);
      return "id" in answer ? answer.id : (ids.get(answer.row) ?? null);
    },
  };
}
