export { RecordPane } from "./record-pane.tsx";
export { recordWords } from "./record.words.ts";
export { useBin } from "./use-bin.ts";
