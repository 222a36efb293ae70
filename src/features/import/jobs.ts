import type { Call } from "#core/index.ts";

/** What an import has done in the background. */
export type ImportJob = { act: "take" | "undo"; importId: string; token: string };

/** Hands a job to whoever works it off; it comes after the answer, and outlives this process. */
export type GiveJob = (job: ImportJob, call: Call) => Promise<void>;
