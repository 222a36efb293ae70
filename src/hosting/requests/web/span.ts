import { useNavigate, useSearch } from "@tanstack/react-router";
import { useNow } from "#ui/index.ts";

export type Zoom = "all" | "day" | "hour";
type Search = { at?: string; zoom?: string; mid?: string };

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
export const spanMilliseconds = { day, hour };

/** The part of the window that is shown and the moment that is chosen, as the address has them. */
export function useSpan() {
  const navigate = useNavigate();
  const now = useNow();
  const { at, zoom, mid } = useSearch({ strict: false }) as Search;
  const shown: Zoom = zoom === "day" || zoom === "hour" ? zoom : "all";
  const put = (change: Search) => {
    void navigate({ to: ".", search: (before: object) => ({ ...before, ...change }), replace: true });
  };
  const middle = isTime(mid) ? new Date(mid) : isTime(at) ? new Date(at) : now;
  const span = shown === "all" ? {} : around(middle, spanMilliseconds[shown]);
  return {
    at: isTime(at) ? at : undefined,
    zoom: shown,
    span,
    choose: (moment: Date) => put({ at: moment.toISOString() }),
    look: (next: Zoom, near: Date) => put({ zoom: next, mid: near.toISOString() }),
    move: (share: number) =>
      shown !== "all" &&
      put({ mid: new Date(middle.getTime() + share * spanMilliseconds[shown]).toISOString() }),
  };
}

const isTime = (text: string | undefined): text is string =>
  text !== undefined && !Number.isNaN(Date.parse(text));

// On whole minutes, so that looking again asks the same question.
function around(middle: Date, length: number): { from: string; to: string } {
  const from = Math.round((middle.getTime() - length / 2) / minute) * minute;
  return { from: new Date(from).toISOString(), to: new Date(from + length).toISOString() };
}

const tickSteps = [5 * minute, 10 * minute, 20 * minute, hour, 3 * hour, 6 * hour, day, 2 * day, 7 * day];

/** Moments to write under a span, on even local times, this many at most. */
export function ticksIn(from: number, to: number, most: number): Date[] {
  const step = tickSteps.find((each) => (to - from) / each <= most) ?? 7 * day;
  const offset = new Date(from).getTimezoneOffset() * minute;
  const first = Math.ceil((from - offset) / step) * step + offset;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => new Date(first + index * step));
}
