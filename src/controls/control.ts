import type { Words } from "#core/index.ts";
import type { Tenant } from "#platform/tenancy/index.ts";
import type { Canary } from "./canary/index.ts";
import type { System, Throwaway } from "./system.ts";

/** What a check says: whether the promise is kept, and what was seen. No personal data, no secrets. */
export type Finding = { holds: boolean; observed: Readonly<Record<string, string | number | boolean>> };

export type Check = { readonly system: System; readonly canary: Canary };

/** A breakage on purpose, on a throwaway instance; answers with what mends it. */
export type Fault = {
  readonly name: string;
  readonly break: (broken: Throwaway & { readonly canary: Tenant }) => Promise<() => Promise<unknown>>;
};

/** A promise of a paper, made testable on the running system. */
export type Control = {
  /** As in the papers' list of promises, for example "W-16". */
  readonly id: string;
  /** Raised whenever the check begins to mean something else. */
  readonly version: number;
  readonly statement: Words;
  readonly source: {
    readonly paper: "webcrm-2015" | "dynamicweb-2018" | "strongroom";
    readonly section: string;
  };
  /** How old the latest evidence may be, in milliseconds. */
  readonly every: number;
  /** How long the check may take, in milliseconds; two minutes unless said otherwise. */
  readonly longest?: number;
  /** What a finding must be for the promise to be kept, in one sentence. */
  readonly expected: string;
  readonly check: (check: Check) => Promise<Finding>;
  /** Each must turn the check red; a check that cannot fail is a defect. */
  readonly faults: readonly [Fault, ...Fault[]];
};

export const control = (definition: Control): Control => definition;

export const fault = (name: string, breaking: Fault["break"]): Fault => ({ name, break: breaking });

export const minutes = (count: number): number => count * 60_000;
