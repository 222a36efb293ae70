export { givesJobs, workImports } from "./import.job.ts";
export { importRoutes } from "./import.routes.ts";
export type { GiveJob } from "./jobs.ts";
