import { Refusal, type Actor, type Scope } from "#core/index.ts";

const width: Readonly<Record<Scope, number>> = { none: 0, own: 1, group: 2, all: 3 };

/** Throws "forbidden" when an actor who began something may now do less of it (surfaces, rule 6). */
export function mustStillHold(
  before: Actor,
  now: Actor | undefined,
  permission: string,
  module: string,
): void {
  if (now === undefined) throw new Refusal("signed_out");
  const kept = (had: readonly number[], has: readonly number[]) => had.every((id) => has.includes(id));
  const narrower = (["view", "create", "delete"] as const).some(
    (verb) => width[now.rights[module]?.[verb] ?? "none"] < width[before.rights[module]?.[verb] ?? "none"],
  );
  const placesLost = before.everywhere
    ? !now.everywhere
    : !now.everywhere && !kept(before.territories, now.territories);
  const lost =
    !now.permissions.includes(permission) ||
    narrower ||
    placesLost ||
    !kept(before.colleagues, now.colleagues) ||
    now.level < before.level;
  if (lost) throw new Refusal("forbidden", { permission });
}
