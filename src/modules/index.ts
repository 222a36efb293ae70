export { activity } from "./activities/activity.ts";
export { allModules } from "./all-modules.ts";
export { opportunity } from "./opportunities/opportunity.ts";
export { moveOpportunity } from "./opportunities/move-opportunity.ts";
export { showBoard } from "./opportunities/show-board.ts";
export { listStages, stageTotals, wonByMonth, type Stage } from "./opportunities/stage.store.ts";
