export { viewRoutes } from "./view-actions.ts";
