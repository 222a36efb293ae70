import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { keys } from "./keys.ts";
import type { CrmRecord, Page } from "./shapes.ts";

type Pages = InfiniteData<Page<CrmRecord>>;
type Board = { stages: { items: CrmRecord[] }[] };

export function cachedRecord(client: QueryClient, module: string, id: string): CrmRecord | undefined {
  const whole = client.getQueryData<CrmRecord>(keys.record(module, id));
  return whole ?? rowsOf(client, module).find((row) => row.id === id);
}

/** Puts a record's new values wherever it is shown: its page, every list, the board. */
export function showRecord(
  client: QueryClient,
  module: string,
  id: string,
  changes: Partial<CrmRecord>,
): void {
  const merge = (record: CrmRecord): CrmRecord =>
    record.id === id ? ({ ...record, ...changes } as CrmRecord) : record;
  client.setQueryData<CrmRecord>(keys.record(module, id), (known) => known && merge(known));
  client.setQueriesData<Pages>({ queryKey: keys.lists(module) }, (known) => known && mapRows(known, merge));
  client.setQueriesData<Board>({ queryKey: ["records", module, "board"] }, (known) => {
    if (!known) return known;
    return { ...known, stages: known.stages.map((stage) => ({ ...stage, items: stage.items.map(merge) })) };
  });
}

/** Takes a record out of every list, as when it goes into the bin. */
export function hideRecord(client: QueryClient, module: string, id: string): void {
  client.setQueriesData<Pages>({ queryKey: keys.lists(module) }, (known) => {
    if (!known) return known;
    return { ...known, pages: known.pages.map((page) => without(page, id)) };
  });
}

/** After a change: what depends on the record is asked again, but not the lists, which keep their place. */
export async function refreshAround(client: QueryClient, module: string, id: string): Promise<void> {
  await Promise.all([
    // An activity is on the timelines of all that it is linked to.
    module === "activity"
      ? client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === "timeline" })
      : client.invalidateQueries({ queryKey: keys.timeline(module, id) }),
    client.invalidateQueries({ queryKey: keys.access(module, id) }),
    client.invalidateQueries({ queryKey: keys.counts(module) }),
    client.invalidateQueries({ queryKey: ["records", module, "board"] }),
    client.invalidateQueries({ queryKey: keys.home }),
  ]);
}

const without = (page: Page<CrmRecord>, id: string): Page<CrmRecord> => ({
  ...page,
  items: page.items.filter((row) => row.id !== id),
});

function rowsOf(client: QueryClient, module: string): CrmRecord[] {
  const lists = client.getQueriesData<Pages>({ queryKey: keys.lists(module) });
  return lists.flatMap(([, known]) => known?.pages.flatMap((page) => page.items) ?? []);
}

function mapRows(known: Pages, merge: (row: CrmRecord) => CrmRecord): Pages {
  return { ...known, pages: known.pages.map((page) => ({ ...page, items: page.items.map(merge) })) };
}
