export { ComeAgain } from "./come-again.ts";
export { currentActor, endOwnSession, holdJob, openJobSession } from "./job-session.store.ts";
export { mustStillHold } from "./rights-lost.ts";
