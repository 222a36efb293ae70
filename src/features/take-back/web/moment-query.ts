import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ask, withQuery, type CrmRecord, type Module, type Page, type Value } from "#ui/index.ts";

export type Moment = {
  id: string;
  at: string;
  openedAt: string;
  openUntil: string;
  lastCommit: string | null;
};
export type Kind = "deleted" | "changed" | "new";
export const kinds = ["deleted", "changed", "new"] as const;

export type Difference = {
  id: string;
  module: string;
  name: string;
  kind: Kind;
  version: number | null;
  fields: { field: string; before: Value; now: Value }[];
  changedAt: string | null;
  changedBy: string | null;
};
export type BothSides = Omit<Difference, "kind"> & {
  kind: Kind | "same" | "gone";
  before: CrmRecord | null;
  now: CrmRecord | null;
};

export type Counts = Record<Kind, number>;

export type TakeBack = {
  id: string;
  moment: { id: string; at: string };
  module: string | null;
  state: "waiting" | "running" | "done" | "failed" | "undoing" | "undone";
  wanted: number;
  done: number;
  taken: number;
  refused: number;
  undone: number;
  createdAt: string;
  error?: string;
};
export type Entry = {
  seq: number;
  module: string;
  id: string;
  name: string;
  reason: string | null;
  field: string | null;
  keptBecause: string | null;
};

export const momentsKey = ["moments"];
export const takeBacksKey = ["take-backs"];
const soonMilliseconds = 700;

export const openMoments = queryOptions({
  queryKey: [...momentsKey, "open"],
  queryFn: async () => (await ask<{ items: Moment[] }>("GET", "/api/moments")).items,
  staleTime: 10_000,
});

/** A page may be short, so it is asked on until the end. */
export const countsOf = (moment: string, module: string) =>
  queryOptions({
    queryKey: [...momentsKey, moment, "counts", module],
    queryFn: async ({ signal }) => {
      const sum: Counts = { deleted: 0, changed: 0, new: 0 };
      for (let after: string | null | undefined; after !== null;) {
        const path = withQuery(`/api/moments/${moment}/counts`, { module, after });
        const page: Counts & { next: string | null } = await ask("GET", path, { signal });
        for (const kind of kinds) sum[kind] += page[kind];
        after = page.next;
      }
      return sum;
    },
    staleTime: 30_000,
  });

export const changesOf = (moment: string, module: string, kind: Kind) =>
  infiniteQueryOptions({
    queryKey: [...momentsKey, moment, "changes", module, kind],
    queryFn: ({ pageParam: after, signal }) =>
      ask<Page<Difference>>("GET", withQuery(`/api/moments/${moment}/changes`, { module, kind, after }), {
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 30_000,
  });

/** Everything of a module as it stood at the moment, by name. */
export const allOf = (moment: string, module: Module) =>
  infiniteQueryOptions({
    queryKey: [...momentsKey, moment, "all", module.name],
    queryFn: ({ pageParam: after, signal }) =>
      ask<Page<CrmRecord>>("GET", withQuery(`/api/${module.path}`, { sort: module.titleField, after }), {
        signal,
        moment,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    staleTime: 30_000,
  });

export const bothSidesOf = (moment: string, module: string, id: string) =>
  queryOptions({
    queryKey: [...momentsKey, moment, "record", module, id],
    queryFn: () => ask<BothSides>("GET", `/api/moments/${moment}/records/${module}/${id}`),
    staleTime: 30_000,
  });

export const isAtWork = ({ state }: TakeBack): boolean =>
  state === "waiting" || state === "running" || state === "undoing";

export const takeBacks = queryOptions({
  queryKey: [...takeBacksKey, "list"],
  queryFn: async () => (await ask<{ items: TakeBack[] }>("GET", "/api/take-backs")).items,
  refetchInterval: ({ state }) => ((state.data ?? []).some(isAtWork) ? soonMilliseconds : false),
  staleTime: 0,
});

/** Those that were not taken, or not put back, with the reason. */
export const leftOut = ({ id, state }: TakeBack) =>
  queryOptions({
    queryKey: [...takeBacksKey, id, "left out", state],
    queryFn: async () =>
      (
        await ask<{ items: Entry[] }>(
          "GET",
          withQuery(`/api/take-backs/${id}/records`, { open: "true", limit: 200 }),
        )
      ).items,
  });
