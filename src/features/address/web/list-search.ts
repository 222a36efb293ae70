import { useSearch } from "@tanstack/react-router";
import type { Filter } from "#ui/index.ts";

/** What the address of a list says. `tab` and `edit` belong to the record open beside it. */
export type ListSearch = {
  filter?: Filter;
  sort?: string;
  columns?: string;
  view?: "board";
  tab?: string;
  edit?: boolean;
};

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);

export function validateListSearch(search: Record<string, unknown>): ListSearch {
  const { filter } = search;
  const found: ListSearch = {};
  if (typeof filter === "object" && filter !== null) found.filter = filter as Filter;
  const sort = text(search["sort"]);
  if (sort) found.sort = sort;
  const columns = text(search["columns"]);
  if (columns) found.columns = columns;
  if (search["view"] === "board") found.view = "board";
  const tab = text(search["tab"]);
  if (tab) found.tab = tab;
  if (search["edit"] === true) found.edit = true;
  return found;
}

export const useListSearch = (): ListSearch => useSearch({ strict: false }) as ListSearch;
