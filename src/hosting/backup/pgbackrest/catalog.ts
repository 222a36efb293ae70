import { BackupError } from "../backup-error.ts";
import { followers, type ArchivedSegment, type Follow } from "../log-files.ts";
import { segmentOf, timelinesOf, type Timeline } from "../wal-names.ts";
import { windowOf, type Span } from "../window.ts";
import type { Repository } from "./configuration.ts";
import { readInfo, type StanzaInfo } from "./info.ts";
import type { LastCommits } from "./last-commits.ts";
import { currentIn, failureWords, lookAt, type SeenRepository } from "./repositories.ts";
import { pgBackRest, type Caller } from "./run.ts";

/** A backup in one repository, from which moment on it can be restored and how far the log after it reaches. */
export type StoredBackup = {
  label: string;
  repository: number;
  full: boolean;
  startedAt: Date;
  stoppedAt: string;
  from: Date;
  /** Undefined while no moment can be reached from it. */
  reach: Date | undefined;
  /** The log it needs itself is there. */
  whole: boolean;
  /** Pages of it did not match their checksums. */
  flawed: boolean;
  startSegment: string;
  storedBytes: number;
};

export type HostCatalog = {
  /** Of all repositories, in the order of the moments from which they can be restored. */
  bases: StoredBackup[];
  /** The log, whichever repository has it: a server that recovers asks them all. */
  segments: ArchivedSegment[];
  /** Log beyond a missing file of it: until the next backup none of its moments can be restored. */
  stranded: Span | undefined;
  repositories: SeenRepository[];
  storedBytes: number;
};

export type Source = { caller: Caller; repositories: Repository[]; lastCommits: LastCommits };

/** Reads all repositories; where one fails the others serve. Throws BackupError `location_away` when all do. */
export async function readHostCatalog({ caller, repositories, lastCommits }: Source): Promise<HostCatalog> {
  const info = await readInfo(caller);
  const seen = await Promise.all(repositories.map((each) => lookAt(caller, info, each)));
  const sound = seen.filter(({ failure }) => failure === undefined);
  if (info === undefined || sound.length === 0)
    throw new BackupError("location_away", seen.map(failureWords).join(" "));
  const segments = united(sound.map((each) => each.segments));
  const timelines = await readTimelines(caller, sound, segments);
  const follow = followers(segments, timelines);
  const ends = endsOfRuns(segments, follow);
  const bases: StoredBackup[] = [];
  for (const backup of backupsIn(info, sound)) {
    const [start, stop] = [segmentOf(backup.startSegment).number, segmentOf(backup.stopSegment).number];
    const end = ends.get(start);
    const whole = end !== undefined && end >= stop;
    const last = whole ? await lastCommits(follow, end, start) : undefined;
    bases.push({ ...backup, whole, reach: last !== undefined && last >= backup.from ? last : undefined });
  }
  const reached = Math.max(
    ...bases.map(({ whole, startSegment }) => (whole ? (ends.get(segmentOf(startSegment).number) ?? 0) : 0)),
  );
  bases.sort((a, b) => a.from.getTime() - b.from.getTime());
  const stored = [...bases.map((base) => base.storedBytes), ...sound.flatMap(logBytes)];
  const storedBytes = stored.reduce((sum, bytes) => sum + bytes, 0);
  const stranded = strandedAfter(reached, segments, timelines, windowOf({ bases }).latest);
  return { bases, segments, stranded, repositories: seen, storedBytes };
}

/** By the numbers of the log: a file's date is only when it was copied. */
function strandedAfter(
  reached: number,
  segments: ArchivedSegment[],
  timelines: Timeline[],
  latest: Date | undefined,
): Span | undefined {
  const current = timelines.at(-1)?.timeline;
  const newest = segments.findLast(({ name }) => segmentOf(name).timeline === current);
  if (latest === undefined || newest === undefined || segmentOf(newest.name).number <= reached)
    return undefined;
  return { from: latest, to: newest.closedAt };
}

const logBytes = ({ segments }: SeenRepository): number[] => segments.map(({ bytes }) => bytes);

function backupsIn(info: StanzaInfo, sound: SeenRepository[]) {
  return info.backup.flatMap(({ label, type, database, error, archive, timestamp, info: { repository } }) => {
    const key = database["repo-key"];
    const isCurrent = sound.some((each) => each.key === key) && database.id === currentIn(info, key);
    if (!isCurrent || archive.start === null || archive.stop === null) return [];
    return {
      label,
      repository: key,
      full: type === "full",
      startedAt: new Date(timestamp.start * 1_000),
      stoppedAt: new Date(timestamp.stop * 1_000).toISOString(),
      // It is told in whole seconds: the one in which it ended lies partly before its end.
      from: new Date((timestamp.stop + 1) * 1_000),
      flawed: error,
      startSegment: archive.start,
      stopSegment: archive.stop,
      storedBytes: repository.delta,
    };
  });
}

function united(all: ArchivedSegment[][]): ArchivedSegment[] {
  const byName = new Map<string, ArchivedSegment>();
  for (const segment of all.flat()) if (!byName.has(segment.name)) byName.set(segment.name, segment);
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readTimelines(
  caller: Caller,
  sound: SeenRepository[],
  segments: ArchivedSegment[],
): Promise<Timeline[]> {
  const histories = sound.flatMap(({ key, histories: paths }) => paths.map((path) => ({ key, path })));
  const numberOf = (path: string) => Number.parseInt(path.split("/").at(-1) ?? "", 16);
  const newest = histories.sort((a, b) => numberOf(a.path) - numberOf(b.path)).at(-1);
  if (newest === undefined)
    return [{ timeline: segments[0] ? segmentOf(segments[0].name).timeline : 1, beginsAt: 0 }];
  const text = await pgBackRest(caller, [`--repo=${newest.key}`, "repo-get", newest.path]);
  return timelinesOf(numberOf(newest.path), text);
}

/** For each number in the log that is there, the last one up to which none is missing. */
function endsOfRuns(segments: ArchivedSegment[], follow: Follow): Map<number, number> {
  const ends = new Map<number, number>();
  const numbers = [...new Set(segments.map(({ name }) => segmentOf(name).number))].sort((a, b) => b - a);
  for (const number of numbers) if (follow(number)) ends.set(number, ends.get(number + 1) ?? number);
  return ends;
}
