import { scopeOf, type Actor, type Verb } from "#core/index.ts";
import type { Clause } from "./rule.ts";

/** What an actor's rights come to for one module and verb; scope "none" is an empty list of people. */
export type Reach = {
  readonly everywhere: boolean;
  readonly territories: readonly number[];
  readonly everyone: boolean;
  readonly people: readonly number[];
};

export function reachOf(actor: Actor, module: string, verb: Verb): Reach {
  const scope = scopeOf(actor, module, verb);
  return {
    everywhere: actor.everywhere,
    territories: actor.territories,
    everyone: scope === "all",
    people: scope === "group" ? actor.colleagues : scope === "own" ? [actor.userId] : [],
  };
}

export const listOf = (reach: Reach, clause: Clause): readonly number[] => reach[clause.within];
