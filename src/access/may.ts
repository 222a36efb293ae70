import { Refusal, type Actor, type Verb } from "#core/index.ts";
import { listOf, reachOf } from "./reach.ts";
import { rule, type PolicyColumn } from "./rule.ts";

/** The columns of a record that its policy needs. */
export type Placed = { readonly [column in PolicyColumn]: number | null };

/** Whether the actor may do this to the record; pure, the same rule the database holds. */
export function may(actor: Actor, module: string, verb: Verb, record: Placed): boolean {
  const reach = reachOf(actor, module, verb);
  return rule.every(
    (clause) =>
      reach[clause.free] ||
      clause.columns.some((column) => {
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

/** Throws "forbidden", naming the right that is missing. */
export function mustBeAllowed(actor: Actor, module: string, verb: Verb, record: Placed): void {
  if (!may(actor, module, verb, record)) throw new Refusal("forbidden", { right: { module, verb } });
}
