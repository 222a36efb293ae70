export { allControls, breakingOrder } from "./all-controls.ts";
export { canaryKeys, openCanary, type Canary } from "./canary/index.ts";
export { nextCheck } from "./next-check.ts";
export { checkAlone, firstTampered, lastChecks } from "./evidence.store.ts";
export { runControl, type Result } from "./run-control.ts";
export type { System, Throwaway } from "./system.ts";
export { tryFault, type Trial } from "./try-fault.ts";
