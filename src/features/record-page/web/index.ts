export { RecordPane } from "./record-pane.tsx";
export { useBin } from "./use-bin.ts";
