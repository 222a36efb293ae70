export { describeModules } from "./describe-modules.ts";
