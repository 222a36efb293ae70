export { MomentPage } from "./moment-page.tsx";
export { MomentsPage } from "./moments-page.tsx";
export { OpenMoments } from "./open-moments.tsx";
export { momentsKey } from "./moment-query.ts";
