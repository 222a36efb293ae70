import { may, type Placed } from "#access/index.ts";
import { scopeOf, type Actor, type Db } from "#core/index.ts";
import { columnOf, mayPlace, placesAfter, samePlace, type Module } from "#records/index.ts";
import { placesOf } from "./compared-fields.ts";
import type { Plan } from "./plan.ts";
import type { Turned } from "./reasons.ts";

/**
 * Every verb each writing comes to, asked before anything is written: on the record as it stands and where it will
 * stand today, which need not be where it stood then. The database asks them again.
 */
export async function judgePlans(
  db: Db,
  actor: Actor,
  module: Module,
  plans: readonly Plan[],
): Promise<(plan: Plan) => Turned | undefined> {
  const places = new Map<Plan, Placed | undefined>();
  const anew = plans.filter(({ now, values }) => now === undefined || mayPlace(module, values));
  const found = await placesAfter(
    db,
    actor,
    module,
    anew.map(({ now, values }) => ({ ...now, ...values })),
  );
  anew.forEach((plan, index) => places.set(plan, found[index]));
  return (plan) => rightMissing(actor, module, plan, places.has(plan) ? places.get(plan) : plan.now);
}

/** `place` is undefined where only the database can tell it. */
function rightMissing(
  actor: Actor,
  module: Module,
  { now, values }: Plan,
  place: Placed | undefined,
): Turned | undefined {
  const mayDo = (verb: "create" | "edit" | "delete" | "reassign", row: Placed) =>
    may(actor, module.name, verb, row);
  if (now === undefined)
    return scopeOf(actor, module.name, "create") === "none" || (place && !mayDo("create", place))
      ? { reason: "no_create" }
      : undefined;
  const typed = new Set(placesOf(module).map(columnOf).concat("territory_set"));
  const columns = Object.keys(values);
  if (values["deleted_at"] === null && !actor.permissions.includes("bin")) return { reason: "no_bin" };
  if ("deleted_at" in values && !mayDo("delete", now)) return { reason: "no_delete" };
  if (columns.some((column) => column !== "deleted_at" && !typed.has(column)) && !mayDo("edit", now))
    return { reason: "no_edit" };
  const moves = place !== undefined && !samePlace(now, place);
  if (!moves && !columns.some((column) => typed.has(column))) return undefined;
  if (!mayDo("reassign", now)) return { reason: "no_reassign" };
  return place === undefined || may(actor, module.name, "view", place)
    ? undefined
    : { reason: "out_of_reach" };
}
