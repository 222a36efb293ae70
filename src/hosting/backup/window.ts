import { BackupError } from "./backup-error.ts";
import type { Catalog, UsableBase } from "./catalog.ts";
import { cutWords } from "./log-chain.ts";
import { followers, type ArchivedSegment } from "./log-files.ts";
import { segmentOf } from "./wal-names.ts";

/** Half-open: every moment from `from` on and before `to` can be restored. */
export type Span = { from: Date; to: Date };

/** What can be restored. Gaps lie between spans: log that is missing, which no later backup can bring back. */
export type Window = { earliest: Date | undefined; latest: Date | undefined; spans: Span[]; gaps: Span[] };

/** A backup, of which the window needs only what can be reached from it. */
export type Reaching = Pick<UsableBase, "from" | "reach">;

export function windowOf({ bases }: { bases: readonly Reaching[] }): Window {
  const spans: Span[] = [];
  for (const { from, reach: to } of bases) {
    if (to === undefined) continue;
    const last = spans.at(-1);
    if (last !== undefined && from <= last.to) last.to = to > last.to ? to : last.to;
    else spans.push({ from, to });
  }
  const gaps = spans.slice(1).map(({ from }, index) => ({ from: spans[index]!.to, to: from }));
  return { earliest: spans[0]?.from, latest: spans.at(-1)?.to, spans, gaps };
}

/** Log that lies beyond a missing file of it: until the next base backup none of its moments can be restored. */
export function strandedSpan(catalog: Pick<Catalog, "bases" | "segments" | "timelines">): Span | undefined {
  const { latest } = windowOf(catalog);
  const current = catalog.timelines.at(-1)?.timeline;
  const newest = catalog.segments.findLast(({ name }) => segmentOf(name).timeline === current);
  if (latest === undefined || newest === undefined || newest.closedAt <= latest) return undefined;
  return { from: latest, to: newest.closedAt };
}

/**
 * Whether the log there holds everything committed up to a moment: by its last file alone, which is only believed when
 * its time has come. A file in its middle may be stamped by a clock that was wrong.
 */
export function holdsUpTo(
  { segments, timelines }: Pick<Catalog, "segments" | "timelines">,
  target: Date,
  now: Date,
): boolean {
  const closedAt = newestFollowed({ segments, timelines })?.closedAt;
  return closedAt !== undefined && target < closedAt && closedAt <= now;
}

/** The last file of the line in use; one that was left may go further. */
export function newestFollowed({
  segments,
  timelines,
}: Pick<Catalog, "segments" | "timelines">): ArchivedSegment | undefined {
  const follow = followers(segments, timelines);
  const numbers = segments.map(({ name }) => segmentOf(name).number).toSorted((a, b) => b - a);
  for (const number of numbers) {
    const found = follow(number);
    if (found !== undefined) return found;
  }
  return undefined;
}

// A clock that is kept right is set by less.
const settingMilliseconds = 1_000;

/** From when to when the clock was set back. Every moment in between happened twice, and the log has both. */
export function clockSetBack({ segments, timelines }: Pick<Catalog, "segments" | "timelines">): Span[] {
  const follow = followers(segments, timelines);
  const numbers = new Set(segments.map(({ name }) => segmentOf(name).number));
  const closed = [...numbers]
    .toSorted((a, b) => a - b)
    .flatMap((number) => follow(number)?.closedAt ?? [])
    .map((at) => at.getTime());
  return closed.flatMap((to, index) => {
    const from = closed[index - 1] ?? to;
    return from - to > settingMilliseconds ? [{ from: new Date(from), to: new Date(to) }] : [];
  });
}

/** The base backups from which that moment can be reached, the surest first. Throws BackupError with what to do instead. */
export function basesFor<Base extends Reaching>(
  catalog: Pick<Catalog, "broken"> & { cut?: Catalog["cut"]; bases: readonly Base[] },
  target: Date,
): Base[] {
  const { earliest, latest, gaps } = windowOf(catalog);
  if (earliest === undefined || latest === undefined) throw noBase(catalog);
  const reaching = catalog.bases
    .filter(({ from, reach }) => reach !== undefined && from <= target && target <= reach)
    .toReversed();
  // Within a second of its end an older backup is the surer one.
  const isSure = ({ from }: Reaching) => target.getTime() - from.getTime() >= 1_000;
  if (reaching.length > 0) return [...reaching.filter(isSure), ...reaching.filter((base) => !isSure(base))];
  const cut = (catalog.cut ?? []).map(cutWords).join(" ");
  const window = `${cut}${cut === "" ? "" : " "}Choose a moment from ${earliest.toISOString()} to ${latest.toISOString()}.`;
  const gap = gaps.find(({ from, to }) => from < target && target < to);
  if (gap !== undefined)
    throw new BackupError(
      "in_gap",
      `Log is missing between ${gap.from.toISOString()} and ${gap.to.toISOString()}: no moment in between can be restored. The nearest one before: --to ${gap.from.toISOString()}. ${window}`,
    );
  const why = target < earliest ? "before the first" : "after the last";
  throw new BackupError(
    "outside_window",
    `${target.toISOString()} lies ${why} moment that can be restored. ${window}`,
  );
}

function noBase({ broken }: Pick<Catalog, "broken">): BackupError {
  const make = "Make one: strongroom backup now.";
  if (broken[0] === undefined)
    return new BackupError("outside_window", `There is no base backup yet. ${make}`);
  return new BackupError("damaged", `No base backup opens: ${broken[0].reason} ${make}`);
}
