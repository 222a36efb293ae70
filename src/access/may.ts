import { Refusal, scopeOf, type Actor, type Verb } from "#core/index.ts";
import { listOf, reachOf } from "./reach.ts";
import { rule, type Clause, type PolicyColumn } from "./rule.ts";

/** The columns of a record that its policy needs. */
export type Placed = { readonly [column in PolicyColumn]: number | null };

/** Whether the actor may do this to the record; pure, the same rule the database holds. */
export function may(actor: Actor, module: string, verb: Verb, record: Placed): boolean {
  return failing(actor, module, verb, record) === undefined;
}

/** The first clause that does not hold. */
function failing(actor: Actor, module: string, verb: Verb, record: Placed): Clause | undefined {
  const reach = reachOf(actor, module, verb);
  return rule.find(
    (clause) =>
      !reach[clause.free] &&
      !clause.columns.some((column) => {
        const value = record[column];
        return value !== null && listOf(reach, clause).includes(value);
      }),
  );
}

/** Whether the rule leaves the actor free in each of these verbs, whatever the record. */
export function isFree(actor: Actor, module: string, verbs: readonly Verb[]): boolean {
  return verbs.every((verb) => {
    const reach = reachOf(actor, module, verb);
    return rule.every((clause) => reach[clause.free]);
  });
}

/**
 * Throws "forbidden", naming the right that is missing and what of it. `belongsTo` is the responsible's name, told only
 * to who sees the record.
 */
export function mustBeAllowed(
  actor: Actor,
  module: string,
  verb: Verb,
  record: Placed,
  belongsTo?: string | null,
): void {
  const clause = failing(actor, module, verb, record);
  if (clause === undefined) return;
  const scope = scopeOf(actor, module, verb);
  if (scope === "none") throw new Refusal("forbidden", { right: { module, verb, missing: "verb" } });
  if (clause.within === "territories" || scope === "all")
    throw new Refusal("forbidden", { right: { module, verb, missing: "territory" } });
  const whose = belongsTo === undefined ? {} : { belongsTo };
  throw new Refusal("forbidden", { right: { module, verb, missing: "people", scope, ...whose } });
}
