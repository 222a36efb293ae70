export { takeBackQueue, workTakeBacks } from "./take-back.job.ts";
export { takeBackRoutes } from "./take-back.routes.ts";
