import type { Control } from "./control.ts";

/** `unknown`: no fresh evidence, or the check erred or took too long; shown as not kept. */
export type State = "kept" | "broken" | "unknown";

/** `holds` is null when the check did not come to an end. */
export type Evidence = { readonly at: Date; readonly version: number; readonly holds: boolean | null };

/** Computed from the latest evidence whenever it is asked for, and stored nowhere. */
export function stateOf(
  control: Pick<Control, "every" | "version">,
  latest: Evidence | undefined,
  now: Date,
): State {
  if (latest === undefined || latest.holds === null || latest.version !== control.version) return "unknown";
  const age = now.getTime() - latest.at.getTime();
  // Evidence from the future is a clock that ran back, and proves nothing.
  if (age < 0 || age > control.every) return "unknown";
  return latest.holds ? "kept" : "broken";
}
