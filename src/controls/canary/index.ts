export type { Answer, Asking, Browser } from "./browser.ts";
export { idsBySql, readWorld } from "./canary.store.ts";
export { canaryKeys, openCanary, type Canary } from "./open-canary.ts";
