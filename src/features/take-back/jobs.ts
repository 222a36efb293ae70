import type { Call } from "#core/index.ts";

/** What taking back has done in the background. */
export type TakeBackJob = { act: "take" | "undo"; takeBackId: string; token: string };

/** Hands a job to whoever works it off; it comes after the answer, and outlives this process. */
export type GiveTakeBack = (job: TakeBackJob, call: Call) => Promise<void>;
