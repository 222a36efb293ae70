import { part } from "#ui/index.ts";

/** Fetched when somebody first creates something. */
export const CreateDrawer = part(() => import("./create-drawer.tsx"));
