import { useInfiniteQuery } from "@tanstack/react-query";
import { tableFeatures, useTable, type ColumnDef } from "@tanstack/react-table";
import { useEffect, useMemo, type RefObject } from "react";
import {
  onLeave,
  recordPages,
  useLanguage,
  useVisibleRows,
  type Asked,
  type CrmRecord,
  type Field,
  type Language,
  type Module,
} from "#ui/index.ts";

export const rowHeightPixels = 36;
const rowsAhead = 40;
const features = tableFeatures({});
// Where each list was scrolled to, so that coming back finds the same rows.
const offsets = new Map<string, number>();
onLeave(() => offsets.clear());

/** The rows of a list of any length: those in sight, and the next page before it is reached. */
export function useRecordRows(
  module: Module,
  fields: Field[],
  asked: Asked,
  scroll: RefObject<HTMLDivElement | null>,
) {
  const language = useLanguage();
  const query = useInfiniteQuery(recordPages(module, { ...asked, columns: columnsAsked(module, fields) }));
  const records = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const columns = useMemo(() => fields.map((field) => columnOf(field, language)), [fields, language]);
  const table = useTable({ features, columns, data: records, getRowId: (record: CrmRecord) => record.id });
  const { rows } = table.getRowModel();
  const place = JSON.stringify([module.name, asked]);
  const visible = useVisibleRows({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeightPixels,
    overscan: 8,
    initialOffset: () => offsets.get(place) ?? 0,
    onChange: ({ scrollOffset }) => void offsets.set(place, scrollOffset ?? 0),
  });
  const lastShown = visible.getVirtualItems().at(-1)?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = query;
  const wanted = hasNextPage && !isFetchNextPageError && lastShown >= rows.length - rowsAhead;
  useEffect(() => {
    if (wanted && !isFetchingNextPage) void fetchNextPage();
  }, [wanted, isFetchingNextPage, fetchNextPage]);
  return { query, records, rows, visible };
}

/** A sum is not readable without its currency, so that comes along unseen. */
export function columnsAsked(module: Module, fields: Field[]): string[] {
  const names = fields.map(({ name }) => name);
  const inMoney =
    fields.some(({ type }) => type === "money") && module.fields.some(({ name }) => name === "currency");
  return inMoney && !names.includes("currency") ? [...names, "currency"] : names;
}

function columnOf(field: Field, language: Language): ColumnDef<typeof features, CrmRecord> {
  return { id: field.name, accessorFn: (record) => record[field.name], header: field.words[language] };
}
