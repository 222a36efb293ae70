import { auditRow, writeBulkAudit, type Refusal, type Work } from "#core/index.ts";
import { changesBetween, type Module } from "#records/index.ts";
import { judgePlans } from "./judge-plans.ts";
import type { Plan } from "./plan.ts";
import { missingReferences, type Missing } from "./references.store.ts";
import { attempt, write } from "./write.store.ts";

/** A record that was written, and the columns that were set, before (null for one that was made again) and after. */
export type Written = {
  readonly module: Module;
  readonly id: string;
  readonly name: string;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown>;
  readonly version: number;
};

/**
 * Writes what can be written, each record with a row in the log. What lacks a reference, or is refused by the
 * database, is given to `turn` and leaves nothing behind.
 */
export async function writeBatch(
  work: Work<unknown>,
  module: Module,
  plans: readonly Plan[],
  act: { action: string; detail: object },
  turn: (plan: Plan, missing: Missing) => void,
): Promise<Written[]> {
  const { db, actor } = work;
  const missing = await missingReferences(db, actor, module, plans);
  const right = await judgePlans(db, actor, module, plans);
  const whole: Plan[] = [];
  for (const plan of plans) {
    const lacks = right(plan) ?? missing(plan);
    if (lacks === undefined) whole.push(plan);
    else turn(plan, lacks);
  }
  let versions = new Map<Plan, number>();
  const writeAll = async () => {
    versions = new Map();
    for (const plan of whole) versions.set(plan, await write(db, module, plan));
  };
  // One that is refused spoils the statement of all, so then each is tried by itself.
  if (whole.length > 0 && (await attempt(db, writeAll)) !== undefined) {
    versions = new Map();
    for (const plan of whole) {
      const refused = await attempt(db, async () => void versions.set(plan, await write(db, module, plan)));
      if (refused === undefined) continue;
      versions.delete(plan);
      turn(plan, turnedBy(refused));
    }
  }
  const written = [...versions].map(([plan, version]) => writtenOf(module, plan, version));
  await log(work, module, [...versions.keys()], act);
  return written;
}

function writtenOf(module: Module, { id, name, now, values }: Plan, version: number): Written {
  const before =
    now && Object.fromEntries(Object.keys(values).map((column) => [column, now[column] ?? null]));
  return { module, id, name, before: before ?? null, after: values, version };
}

const turnedBy = ({ code, details: { field } }: Refusal): Missing =>
  code === "wrong_state" && field !== undefined ? { reason: "own_ancestor", field } : { reason: "refused" };

async function log(
  { db, call, actor }: Work<unknown>,
  module: Module,
  plans: readonly Plan[],
  { action, detail }: { action: string; detail: object },
): Promise<void> {
  if (plans.length === 0) return;
  const what = { action: `${module.name}.${action}`, outcome: "done", at: new Date() };
  await writeBulkAudit(db, call.tenant.door, auditRow(call, actor, what, { module: module.name }), {
    ids: plans.map(({ id }) => id),
    details: plans.map(({ now, values }) => ({ ...detail, changes: changesBetween(module, now, values) })),
  });
}
