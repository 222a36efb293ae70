import type { Catalog, UsableBase } from "./catalog.ts";
import { segmentOf } from "./wal-names.ts";

const dayMilliseconds = 86_400_000;

type Kept = Pick<UsableBase, "label" | "startSegment" | "stoppedAt" | "reach">;

/** A clock that is wrong in a way nobody notices takes no more in a day. */
const labelsAtOnce = 3;

/**
 * What may go, the oldest first: nothing that any moment of the last `keepDays` days needs, and whatever the clock says
 * as many of the newest base backups stay as there are days, one being made a day. `leftovers` are labels of base backups
 * from which nothing can be restored.
 */
export function expendable(
  {
    bases,
    segments,
    leftovers = [],
  }: { bases: readonly Kept[]; segments: Catalog["segments"]; leftovers?: readonly string[] },
  keepDays: number,
  now: Date,
): { labels: string[]; paths: string[] } {
  const usable = bases.filter(({ reach }) => reach !== undefined);
  const horizon = new Date(now.getTime() - keepDays * dayMilliseconds);
  // The newest one that was complete before the window begins is what the window's first second is restored from.
  const first = usable.findLast(({ stoppedAt }) => new Date(stoppedAt) <= horizon);
  if (first === undefined || usable.length < 3) return { labels: [], paths: [] };
  const newest = usable.slice(-Math.max(2, keepDays));
  const may = usable.filter((base) => base.stoppedAt < first.stoppedAt && !newest.includes(base));
  const going = may.slice(0, labelsAtOnce);
  const kept = usable.filter((base) => !going.includes(base));
  const from = Math.min(...kept.map(({ startSegment }) => segmentOf(startSegment).number));
  const oldest = kept[0]?.label ?? "";
  return {
    labels: [...going.map(({ label }) => label), ...leftovers.filter((label) => label < oldest)],
    paths: segments.filter(({ name }) => segmentOf(name).number < from).map(({ path }) => path),
  };
}

export type Mark = { labels: string[]; paths: string[]; markedAt: string };
export type RetentionState = { mark?: Mark; lastRun?: string };

/** How long what may go still stays: time to notice a clock that is wrong. */
const waitMilliseconds = dayMilliseconds;
// The schedule asks once a day; a clock that stood still or leapt shows here.
const leapMilliseconds = 3 * dayMilliseconds;

export type RetentionStep =
  | { do: "nothing"; state: RetentionState }
  | { do: "refuse"; why: string; state: RetentionState }
  | { do: "purge"; labels: string[]; paths: string[]; state: RetentionState };

/** Mark, wait a day, purge what is still expendable. After a leap of the clock it begins again from the mark. */
export function nextStep(
  state: RetentionState,
  may: { labels: string[]; paths: string[] },
  now: Date,
): RetentionStep {
  const lastRun = now.toISOString();
  const elapsed = state.lastRun === undefined ? 0 : now.getTime() - Date.parse(state.lastRun);
  if (elapsed < 0 || elapsed > leapMilliseconds) {
    const why = `The clock says ${lastRun}, and said ${state.lastRun} at the last look. Nothing is removed before tomorrow; set the clock if it is wrong.`;
    return { do: "refuse", why, state: { lastRun } };
  }
  const some = may.labels.length + may.paths.length > 0;
  if (!some) return { do: "nothing", state: { lastRun } };
  if (state.mark === undefined)
    return { do: "nothing", state: { lastRun, mark: { ...may, markedAt: lastRun } } };
  if (now.getTime() - Date.parse(state.mark.markedAt) < waitMilliseconds)
    return { do: "nothing", state: { ...state, lastRun } };
  const [labels, paths] = [new Set(state.mark.labels), new Set(state.mark.paths)];
  return {
    do: "purge",
    labels: may.labels.filter((label) => labels.has(label)),
    paths: may.paths.filter((path) => paths.has(path)),
    state: { lastRun },
  };
}
