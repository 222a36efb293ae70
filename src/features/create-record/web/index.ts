import { lazy } from "react";

/** Fetched when somebody first creates something. */
export const CreateDrawer = lazy(() => import("./create-drawer.tsx"));
