export { openQueue, type Pace, type Queue } from "./queue.ts";
