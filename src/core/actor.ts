import type { Language, Words } from "./words.ts";

export const verbs = ["view", "create", "edit", "delete", "export", "reassign"] as const;
export type Verb = (typeof verbs)[number];
export type Scope = "none" | "own" | "group" | "all";
export type Rights = { readonly [module: string]: { readonly [verb in Verb]: Scope } };

/** Whoever asks, as the tenant's database told it at the start of this very request. */
export type Actor = {
  readonly userId: number;
  readonly name: string;
  readonly fullName: string;
  readonly language: Language;
  readonly level: number;
  readonly levelName: Words;
  readonly rights: Rights;
  readonly permissions: readonly string[];
  /** Not limited to territories. */
  readonly everywhere: boolean;
  /** Territories within reach, descendants included; 0 stands for "no territory". */
  readonly territories: readonly number[];
  /** Users of the actor's groups, the actor included. */
  readonly colleagues: readonly number[];
  readonly sessionId: string;
  readonly kind: "browser" | "job";
  /** When the session was last noted as in use. */
  readonly seenAt: string;
};

export function scopeOf(actor: Actor, module: string, verb: Verb): Scope {
  return actor.rights[module]?.[verb] ?? "none";
}
