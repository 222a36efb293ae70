import type { Work } from "#core/index.ts";
import type { Module } from "#records/index.ts";
import { rowsOf } from "./compare.store.ts";
import { finishUndo, noteUndone, takenBefore, type Entry, type TakeBack } from "./journal.store.ts";
import type { GoesOn } from "./journalled.ts";
import { planUndo, type Plan } from "./plan.ts";
import type { Reason } from "./reasons.ts";
import { writeBatch } from "./write-batch.ts";

const batchRecords = 200;

/** Puts every record that was taken back as it was before, the last first; what was changed since stays and says why. */
export async function undoTaking(
  work: Work<unknown>,
  stored: TakeBack,
  modules: readonly Module[],
  goesOn: GoesOn,
): Promise<void> {
  let [undone, done] = [0, 0];
  for (let before = 2 ** 31 - 1; ;) {
    const entries = await takenBefore(work.db, stored.id, before, batchRecords);
    if (entries.length === 0) break;
    for (const module of modules) {
      const own = entries.filter((entry) => entry.module === module.name);
      if (own.length > 0) undone += await undoBatch(work, stored, module, own);
    }
    done += entries.length;
    before = entries.at(-1)!.seq;
    await goesOn(done);
  }
  await finishUndo(work.db, stored.id, undone);
}

async function undoBatch(
  work: Work<unknown>,
  stored: TakeBack,
  module: Module,
  entries: readonly Entry[],
): Promise<number> {
  const { db, actor } = work;
  const ids = entries.map(({ recordId }) => recordId);
  const now = await rowsOf(db, actor, module, ids, { lock: true });
  const kept = new Map<string, Reason>();
  const plans = entries.flatMap((entry) => {
    const journalled = {
      id: entry.recordId,
      name: entry.name,
      before: entry.before,
      version: entry.versionAfter ?? 0,
    };
    const plan = planUndo(module, journalled, now.get(entry.recordId), new Date());
    if (!("reason" in plan)) return [plan];
    kept.set(entry.recordId, plan.reason);
    return [];
  });
  const act = { action: "take_back_undo", detail: { moment: stored.momentId, takeBack: stored.id } };
  const turn = ({ id }: Plan, { reason }: { reason: Reason }) => void kept.set(id, reason);
  const written = await writeBatch(work, module, plans, act, turn);
  await noteUndone(
    db,
    stored.id,
    entries.map(({ seq, recordId }) => ({ seq, reason: kept.get(recordId) ?? null })),
  );
  return written.length;
}
