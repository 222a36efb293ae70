import { lazy } from "react";

/** The table with its columns and the board are fetched apart: whoever looks at one does not wait for the other. */
export const RecordTable = lazy(() => import("./record-table.tsx"));
export const ColumnsMenu = lazy(() => import("./columns-menu.tsx"));
export const ExportDialog = lazy(() => import("./export-dialog.tsx"));
export const Board = lazy(() => import("#modules/opportunities/web/index.ts"));
