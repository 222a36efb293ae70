export { csvLine } from "./csv.ts";
export { exportRecords } from "./export-records.ts";
