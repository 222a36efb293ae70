export { showTimeline } from "./timeline.ts";
export { whoSees } from "./who-sees.ts";
