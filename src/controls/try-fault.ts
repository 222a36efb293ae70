import type { Canary } from "./canary/index.ts";
import type { Control, Fault } from "./control.ts";
import { complaint, runControl, type Result } from "./run-control.ts";
import type { Throwaway } from "./system.ts";

export type Trial = {
  readonly id: string;
  readonly fault: string;
  /** The check turned red while it was broken, and green again once it was mended. */
  readonly caught: boolean;
  readonly broken: Result;
  readonly mended: Result;
};

/** Breaks a throwaway on purpose and mends it, with a check after each. */
export async function tryFault(
  control: Control,
  fault: Fault,
  throwaway: Throwaway,
  canary: Canary,
): Promise<Trial> {
  const check = { system: throwaway, canary };
  let mend: () => Promise<unknown>;
  try {
    mend = await fault.break({ ...throwaway, canary: canary.tenant });
  } catch (error) {
    return notTried(control, fault, error);
  }
  const broken = await runControl(control, check).finally(mend);
  const mended = await runControl(control, check);
  return {
    id: control.id,
    fault: fault.name,
    caught: broken.state === "broken" && mended.state === "kept",
    broken,
    mended,
  };
}

/** What cannot be broken here cannot be seen to be caught. */
function notTried(control: Control, fault: Fault, error: unknown): Trial {
  const result: Result = {
    id: control.id,
    statement: control.statement.en,
    state: "unknown",
    observed: { error: complaint(error) },
    milliseconds: 0,
  };
  return { id: control.id, fault: fault.name, caught: false, broken: result, mended: result };
}
