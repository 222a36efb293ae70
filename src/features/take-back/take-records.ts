import { besideMoment, type Moment, type Work } from "#core/index.ts";
import type { Module } from "#records/index.ts";
import { absentAmong, rowsOf } from "./compare.store.ts";
import { planTaking, type Plan } from "./plan.ts";
import type { Turned } from "./reasons.ts";
import { targetKey, type Missing } from "./references.store.ts";
import { writeBatch, type Written } from "./write-batch.ts";

/** A record to take back; `version` is the one that was seen, undefined when none was. */
export type Wanted = {
  readonly module: Module;
  readonly id: string;
  readonly version: number | null | undefined;
};

export type Taking = {
  readonly work: Work<unknown>;
  readonly moment: Moment;
  readonly takeBackId: string;
};

/** What became of one; `before` and `after` hold the columns that were set. */
export type Outcome =
  | Written
  | (Turned & { readonly module: Module; readonly id: string; readonly name: string });

const batchRecords = 200;

/**
 * Takes records back batch by batch. One that refers to another of the same selection waits until that one is there;
 * what cannot be taken is told with its reason, and the rest goes on.
 */
export async function* takeRecords(taking: Taking, all: readonly Wanted[]): AsyncGenerator<Outcome[]> {
  const waiting = new Set(all.map(({ module, id }) => targetKey(module.name, id)));
  for (let pending = all; pending.length > 0;) {
    const later: Wanted[] = [];
    const before = waiting.size;
    for (const batch of batchesOf(pending)) {
      const { outcomes, deferred } = await takeBatch(taking, batch, (target) => waiting.has(target));
      for (const { module, id } of outcomes) waiting.delete(targetKey(module.name, id));
      later.push(...deferred);
      yield outcomes;
    }
    // Records that wait for each other wait for ever; each is told what it lacks.
    if (waiting.size === before) waiting.clear();
    pending = later;
  }
}

/** Of one module each, in the order they came. */
function* batchesOf(wanted: readonly Wanted[]): Generator<Wanted[]> {
  let batch: Wanted[] = [];
  for (const one of wanted) {
    if (batch.length === batchRecords || (batch[0] !== undefined && batch[0].module !== one.module)) {
      yield batch;
      batch = [];
    }
    batch.push(one);
  }
  if (batch.length > 0) yield batch;
}

async function takeBatch(taking: Taking, batch: readonly Wanted[], waits: (target: string) => boolean) {
  const { db, actor, call } = taking.work;
  const { module } = batch[0]!;
  const ids = batch.map(({ id }) => id);
  const present = { db, actor, token: call.token };
  const then = await besideMoment(taking.moment, present, (old) => rowsOf(old, actor, module, ids));
  const now = await rowsOf(db, actor, module, ids, { lock: true });
  const gone = await absentAmong(
    db,
    module,
    ids.filter((id) => !now.has(id)),
  );
  const outcomes: Outcome[] = [];
  const plans: Plan[] = [];
  for (const { id, version } of batch) {
    const old = then.get(id);
    const plan = planTaking(module, { before: old, now: now.get(id), isGone: gone.has(id), version });
    if ("reason" in plan) outcomes.push({ ...plan, module, id, name: old?.name ?? now.get(id)?.name ?? "" });
    else plans.push(plan);
  }
  const deferred: Wanted[] = [];
  const turn = (plan: Plan, missing: Missing) => {
    const waitsForIt = missing.target !== undefined && waits(missing.target);
    if (waitsForIt) deferred.push(batch.find(({ id }) => id === plan.id)!);
    else outcomes.push({ ...missing, module, id: plan.id, name: plan.name });
  };
  const act = { action: "take_back", detail: { moment: taking.moment.id, takeBack: taking.takeBackId } };
  outcomes.push(...(await writeBatch(taking.work, module, plans, act, turn)));
  return { outcomes, deferred };
}
