export { ComeAgain } from "./come-again.ts";
export { currentActor, holdJob, openJobSession } from "./job-session.store.ts";
export { givesJobs, workJobs, type GiveJob, type OwnJob, type Workplace } from "./own-jobs.ts";
export { mustStillHold } from "./rights-lost.ts";
