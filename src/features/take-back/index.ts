export type { GiveTakeBack } from "./jobs.ts";
export { givesTakeBacks, workTakeBacks } from "./take-back.job.ts";
export { takeBackRoutes } from "./take-back.routes.ts";
