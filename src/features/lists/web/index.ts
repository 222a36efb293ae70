export { useListCount } from "./list-count.ts";
export { ListPage } from "./list-page.tsx";
export { listWords } from "./lists.words.ts";
export { RecordTable } from "./lazy-parts.ts";
export { shippedColumns } from "./columns.ts";
