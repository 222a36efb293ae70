import { part } from "#ui/index.ts";

/** The table with its columns and the board are fetched apart: whoever looks at one does not wait for the other. */
export const RecordTable = part(() => import("./record-table.tsx"));
export const ColumnsMenu = part(() => import("./columns-menu.tsx"));
export const ExportDialog = part(() => import("./export-dialog.tsx"));
export const Board = part(() => import("#modules/opportunities/web/index.ts"));
