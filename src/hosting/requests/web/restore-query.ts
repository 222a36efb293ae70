import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { ask, withQuery } from "#ui/index.ts";

export type Kind = "created" | "imported" | "changed" | "deleted" | "restored" | "erased";
type Count = { kind: Kind; count: number };
export type Mark = {
  at: string;
  kind: "import.run" | "import.undo" | "restore" | "back";
  by: string | null;
  module: string | null;
  fileName: string | null;
  records: number | null;
  target: string | null;
};
export type Window = {
  earliest: string | null;
  latest: string | null;
  now: string;
  keepDays: number;
  gaps: { from: string; to: string }[];
  from: string;
  to: string;
  bucketSeconds: number;
  happened: (Count & { at: string })[];
  marks: Mark[];
};
export type Since = { moment: string; imports: number; counts: Count[] };

export type Request = {
  id: string;
  kind: "switch" | "copy" | "back" | "moment";
  state: "asked" | "approved" | "running" | "done" | "failed" | "refused" | "cancelled";
  target: string | null;
  newKey: string | null;
  reason: string | null;
  askedBy: string | null;
  askedAt: string;
  decidedAt: string | null;
  because: string | null;
  step: string | null;
  endedAt: string | null;
  switchedAt: string | null;
  lastOwnCommit: string | null;
  compared: { tables: number; rows: number } | null;
  erasedAgain: number | null;
  users: { closed: string[]; blocked: string[]; lowered: string[]; left: string[]; gone: number } | null;
  keptUntil: string | null;
  mayGoBack: boolean;
};

export const restoreKey = ["restores"];
const soonMilliseconds = 1_500;
const laterMilliseconds = 4_000;
/** Whoever waits longer looks again himself; a page left open must not keep its session alive. */
const patienceMilliseconds = 600_000;

export const isAtWork = ({ state }: Request): boolean => state === "approved" || state === "running";
export const isOpen = (request: Request): boolean => request.state === "asked" || isAtWork(request);

export const allRequests = queryOptions({
  queryKey: [...restoreKey, "list"],
  queryFn: () => ask<{ isKept: boolean; withoutApproval: boolean; items: Request[] }>("GET", "/api/restores"),
  refetchInterval: ({ state }) => {
    const items = state.data?.items ?? [];
    const waits = ({ state: at, askedAt }: Request) =>
      at === "asked" && Date.now() - Date.parse(askedAt) < patienceMilliseconds;
    return items.some(isAtWork) ? soonMilliseconds : items.some(waits) ? laterMilliseconds : false;
  },
  staleTime: 0,
});

export const windowOf = (span: { from?: string; to?: string }, isKept: boolean) =>
  queryOptions({
    enabled: isKept,
    queryKey: [...restoreKey, "window", span],
    queryFn: () => ask<Window>("GET", withQuery("/api/restores/window", span)),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const sinceMoment = (moment: string | undefined) =>
  queryOptions({
    queryKey: [...restoreKey, "since", moment],
    queryFn: () => ask<Since>("GET", withQuery("/api/restores/since", { moment })),
    enabled: moment !== undefined,
    retry: false,
    staleTime: 10_000,
  });
