export { isFree, may, mustBeAllowed, type Placed } from "./may.ts";
export { allowed, lanes, type Lane } from "./predicate.ts";
export { reachOf } from "./reach.ts";
export { momentPolicies, policiesMigration } from "./row-security.ts";
export { shippedLevels, shippedLevelsSql } from "./shipped-levels.ts";
