export { syncFolder } from "./sync-folder.ts";
export { writeAll } from "./write-all.ts";
