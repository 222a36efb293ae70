export { useJustChanged } from "./changed-rows.ts";
export { useStream } from "./stream.ts";
