import type { Control, Check } from "./control.ts";
import { addEvidence } from "./evidence.store.ts";
import { stateOf, type State } from "./state.ts";

export type Result = {
  readonly id: string;
  readonly statement: string;
  readonly state: State;
  readonly observed: Readonly<Record<string, string | number | boolean>>;
  readonly milliseconds: number;
};

/** A check that takes longer has not come to an end, and its control is unknown. In milliseconds. */
const longest = 120_000;

/** Checks one control on the running system and keeps what was seen as evidence. */
export async function runControl(control: Control, check: Check): Promise<Result> {
  const started = performance.now();
  const finding = await withinLimit(control.check(check), control.longest ?? longest).catch(
    (error: unknown) => ({
      holds: null,
      observed: { error: complaint(error) },
    }),
  );
  const milliseconds = Math.round(performance.now() - started);
  const evidence = {
    control: control.id,
    version: control.version,
    at: new Date(),
    milliseconds,
    expected: control.expected,
    ...finding,
  };
  await addEvidence(check.system.tenancy.registry, evidence);
  return {
    id: control.id,
    statement: control.statement.en,
    state: stateOf(control, evidence, new Date()),
    observed: finding.observed,
    milliseconds,
  };
}

async function withinLimit<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the check took too long")), milliseconds);
  });
  return await Promise.race([work, limit]).finally(() => clearTimeout(timer));
}

/** The first line only: what a database adds to an error may hold records. */
export const complaint = (error: unknown): string =>
  String(error instanceof Error ? error.message : error)
    .split("\n")[0]
    ?.slice(0, 200) ?? "";
