import { lazy } from "react";

export { useGoKeys } from "./go-keys.ts";
export const ShortcutsDialog = lazy(() => import("./shortcuts-dialog.tsx"));
