import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ask, withQuery } from "./ask.ts";
import { keys } from "./keys.ts";
import type { Access, Count, CrmRecord, Filter, Module, Page, TimelineEntry, View } from "./shapes.ts";

export type Asked = {
  filter?: Filter | undefined;
  sort?: string | undefined;
  columns?: string[] | undefined;
  bin?: boolean | undefined;
};

const rowsPerPage = 100;

export const recordPages = (module: Module, asked: Asked) =>
  infiniteQueryOptions({
    queryKey: keys.list(module.name, asked),
    queryFn: ({ pageParam, signal }) =>
      ask<Page<CrmRecord>>(
        "GET",
        withQuery(`/api/${module.path}`, {
          ...asked,
          columns: asked.columns?.join(","),
          after: pageParam,
          limit: rowsPerPage,
        }),
        { signal },
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

/** `for` "export" counts those of them that may be exported. */
export const recordCount = (module: Module, asked: Pick<Asked, "filter" | "bin"> & { for?: "export" }) =>
  queryOptions({
    queryKey: keys.count(module.name, asked),
    queryFn: ({ signal }) => ask<Count>("GET", withQuery(`/api/${module.path}/count`, asked), { signal }),
  });

export const oneRecord = (module: Module, id: string) =>
  queryOptions({
    queryKey: keys.record(module.name, id),
    queryFn: ({ signal }) => ask<CrmRecord>("GET", `/api/${module.path}/${id}`, { signal }),
  });

export const recordTimeline = (module: Module, id: string) =>
  infiniteQueryOptions({
    queryKey: keys.timeline(module.name, id),
    queryFn: ({ pageParam, signal }) =>
      ask<Page<TimelineEntry>>("GET", withQuery(`/api/${module.path}/${id}/timeline`, { after: pageParam }), {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });

export const recordAccess = (module: Module, id: string) =>
  queryOptions({
    queryKey: keys.access(module.name, id),
    queryFn: ({ signal }) => ask<Access>("GET", `/api/${module.path}/${id}/access`, { signal }),
  });

export const savedView = (module: Module) =>
  queryOptions({
    queryKey: keys.view(module.name),
    queryFn: ({ signal }) => ask<View>("GET", `/api/views/${module.name}`, { signal }),
    staleTime: Infinity,
  });
