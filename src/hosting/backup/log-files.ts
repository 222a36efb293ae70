import { isUnreadable } from "./backup-error.ts";
import type { Keyring } from "./keyring.ts";
import type { BackupLocation } from "./location.ts";
import { continues, isCut, logFileOf, type LogFile } from "./log-chain.ts";
import { loadBytes } from "./store-file.ts";
import {
  isHistoryName,
  segmentName,
  segmentOf,
  timelineIn,
  timelinesOf,
  type Timeline,
} from "./wal-names.ts";

/**
 * A file of the log in the location. It holds everything committed up to `closedAt` since the one before. `others` are
 * further files of the same part of the log, read when this one does not open.
 */
export type ArchivedSegment = LogFile & { others?: readonly string[] };

export type LogFiles = {
  /** One of each part of the log, in its order. */
  segments: ArchivedSegment[];
  /** Files that are shorter or longer than they were stored, where no whole one is beside them. */
  cut: LogFile[];
};

export async function listLog(location: BackupLocation): Promise<LogFiles> {
  const byName = new Map<string, LogFile[]>();
  for (const listed of await location.list("wal")) {
    const file = logFileOf(listed);
    if (file !== undefined) byName.set(file.name, [...(byName.get(file.name) ?? []), file]);
  }
  const segments: ArchivedSegment[] = [];
  const cut: LogFile[] = [];
  const chosen = new Map<string, LogFile>();
  for (const name of [...byName.keys()].sort()) {
    const { timeline, number } = segmentOf(name);
    const before = chosen.get(segmentName({ timeline, number: number - 1 }));
    const [best, ...others] = byName.get(name)!.toSorted((a, b) => trust(b, before) - trust(a, before));
    if (best === undefined) continue;
    if (isCut(best)) {
      cut.push(best);
      continue;
    }
    chosen.set(name, best);
    segments.push(others.length === 0 ? best : { ...best, others: others.map(({ path }) => path) });
  }
  return { segments, cut };
}

// A copy under another time, or of another line, is told by the chain, never by a clock.
function trust(file: LogFile, before: LogFile | undefined): number {
  const follows = continues(file, before);
  return (isCut(file) ? 0 : 4) + (follows === true ? 2 : 0) + (follows === undefined ? 0.5 : 0);
}

/** Parts of the log that were not shipped right after the one before them, though they should have been. */
export const unchained = (segments: readonly ArchivedSegment[]): ArchivedSegment[] =>
  segments.filter((segment, index) => {
    const before = segments[index - 1];
    if (before === undefined) return false;
    const [one, other] = [segmentOf(before.name), segmentOf(segment.name)];
    const areNeighbours = one.timeline === other.timeline && one.number + 1 === other.number;
    return areNeighbours && continues(segment, before) === false;
  });

export const historyPath = (name: string): string => `wal/history/${name}`;

/** Of several histories the newest that opens says how the log came to its timeline. */
export async function readTimelines(
  location: BackupLocation,
  keyring: Keyring,
  segments: readonly ArchivedSegment[],
): Promise<Timeline[]> {
  const names = (await location.list("wal/history")).map(({ name }) => name.slice(historyPath("").length));
  for (const name of names.filter(isHistoryName).toSorted().toReversed()) {
    try {
      const told = timelinesOf(
        timelineIn(name),
        (await loadBytes(location, keyring, historyPath(name))).toString(),
      );
      return [...told, ...untold(segments, told)];
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
  return untold(segments, []);
}

/** Timelines whose history is lost: they begin with their first file. */
function untold(segments: readonly ArchivedSegment[], told: readonly Timeline[]): Timeline[] {
  const newest = told.at(-1)?.timeline ?? 0;
  const first = new Map<number, number>();
  for (const { timeline, number } of segments.map(({ name }) => segmentOf(name)))
    if (timeline > newest) first.set(timeline, Math.min(number, first.get(timeline) ?? Infinity));
  const found = [...first].toSorted(([a], [b]) => a - b);
  if (told.length === 0 && found.length === 0) return [{ timeline: 1, beginsAt: 0 }];
  return found.map(([timeline, beginsAt], index) => ({
    timeline,
    beginsAt: told.length === 0 && index === 0 ? 0 : beginsAt,
  }));
}

/** For a number in the log, the segment PostgreSQL replays: of the newest timeline that had begun by then. */
export type Follow = (number: number) => ArchivedSegment | undefined;

export function followers(segments: readonly ArchivedSegment[], timelines: readonly Timeline[]): Follow {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  return (number) => {
    for (const { timeline, beginsAt } of timelines.toReversed()) {
      if (beginsAt > number) continue;
      const found = byName.get(segmentName({ timeline, number }));
      // The file a timeline begins in is also the one the older timeline was left in.
      if (found !== undefined || beginsAt < number) return found;
    }
    return undefined;
  };
}

/** Whether the line in use has that part of the log, and did not leave its timeline before. */
export function isOnLine(timelines: readonly Timeline[], segment: string): boolean {
  const { timeline, number } = segmentOf(segment);
  const at = timelines.findIndex((each) => each.timeline === timeline);
  return at >= 0 && number < (timelines[at + 1]?.beginsAt ?? Infinity);
}

/**
 * Up to when each part of the log holds everything. A single file stamped later than the one after it was stamped by a
 * clock that was wrong just then: it holds no more than that one.
 */
export function closings(files: readonly ArchivedSegment[]): Date[] {
  return files.map(({ closedAt }, index) => {
    const [before, after] = [files[index - 1]?.closedAt, files[index + 1]?.closedAt];
    const isAlone = after !== undefined && closedAt > after && (before === undefined || before <= after);
    return isAlone ? after : closedAt;
  });
}
