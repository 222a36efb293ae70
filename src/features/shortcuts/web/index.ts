import { part } from "#ui/index.ts";

export { useGoKeys } from "./go-keys.ts";
export const ShortcutsDialog = part(() => import("./shortcuts-dialog.tsx"));
