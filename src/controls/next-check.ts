import type { Control } from "./control.ts";

const day = 24 * 3_600_000;

/** The control whose last check is longest ago, when that is a day; those never checked first. */
export function nextCheck(
  controls: readonly Pick<Control, "id">[],
  last: ReadonlyMap<string, Date>,
  now: Date,
): string | undefined {
  const age = ({ id }: Pick<Control, "id">) => now.getTime() - (last.get(id)?.getTime() ?? -Infinity);
  // A clock that was set back makes nothing younger than it is.
  const [oldest] = controls.filter((each) => Math.abs(age(each)) >= day).toSorted((a, b) => age(b) - age(a));
  return oldest?.id;
}
