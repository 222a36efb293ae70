import type { Keyring } from "./keyring.ts";
import type { BackupLocation } from "./location.ts";
import { listLabels, readManifest, type Manifest } from "./manifest.ts";
import { loadBytes } from "./store-file.ts";
import { isSegmentName, segmentOf, timelinesOf, type Timeline } from "./wal-names.ts";

/** A file of the log in the location. It holds everything committed up to `closedAt` since the one before. */
export type ArchivedSegment = { name: string; path: string; closedAt: Date; bytes: number };

/**
 * A base backup, from which moment on it can be restored and how far the log that follows it reaches without a gap;
 * `reach` is undefined when it lacks the log it needs itself.
 */
export type UsableBase = Manifest & { from: Date; reach: Date | undefined; storedBytes: number };

export type Catalog = {
  bases: UsableBase[];
  /** Base backups whose manifest does not open, with the reason. */
  broken: { label: string; reason: string }[];
  segments: ArchivedSegment[];
  timelines: Timeline[];
};

/** Reads everything there is in the location; nothing else is needed to know what can be restored. */
export async function readCatalog(location: BackupLocation, keyring: Keyring): Promise<Catalog> {
  const segments = await listSegments(location);
  const timelines = await readTimelines(location, keyring, segments);
  const bases: UsableBase[] = [];
  const broken: Catalog["broken"] = [];
  const follow = followers(segments, timelines);
  for (const label of (await listLabels(location)).whole) {
    try {
      const manifest = await readManifest(location, keyring, label);
      const storedBytes = manifest.parts.reduce((sum, part) => sum + part.storedBytes, 0);
      bases.push({ ...manifest, storedBytes, ...spanOf(manifest, follow) });
    } catch (error) {
      broken.push({ label, reason: (error as Error).message });
    }
  }
  return { bases, broken, segments, timelines };
}

export async function listSegments(location: BackupLocation): Promise<ArchivedSegment[]> {
  const files = await location.list("wal");
  return files
    .flatMap(({ name: path, bytes }) => {
      const [name = "", closedAt = ""] = path.split("/").at(-1)?.split(".") ?? [];
      return isSegmentName(name) && /^\d+$/.test(closedAt)
        ? [{ name, path, closedAt: new Date(Number(closedAt)), bytes }]
        : [];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readTimelines(
  location: BackupLocation,
  keyring: Keyring,
  segments: ArchivedSegment[],
): Promise<Timeline[]> {
  const histories = (await location.list("wal/history")).map(({ name }) => name).sort();
  const newest = histories.at(-1);
  if (newest === undefined)
    return [{ timeline: segments[0] ? segmentOf(segments[0].name).timeline : 1, beginsAt: 0 }];
  const number = Number.parseInt(newest.slice("wal/history/".length), 16);
  return timelinesOf(number, (await loadBytes(location, keyring, newest)).toString());
}

/** For a number in the log, the segment PostgreSQL replays: of the newest timeline of the history that has it. */
export type Follow = (number: number) => ArchivedSegment | undefined;

export function followers(segments: ArchivedSegment[], timelines: Timeline[]): Follow {
  const byPlace = new Map(
    segments.map((segment) => {
      const { timeline, number } = segmentOf(segment.name);
      return [`${timeline} ${number}`, segment];
    }),
  );
  return (number) =>
    timelines
      .filter(({ beginsAt }) => beginsAt <= number)
      .map(({ timeline }) => byPlace.get(`${timeline} ${number}`))
      .findLast((segment) => segment !== undefined);
}

// The server ends the segment in which the backup ends: whatever was committed after that segment's last change was
// committed after the backup, and the backup before it goes up to the same moment.
function spanOf(manifest: Manifest, follow: Follow): Pick<UsableBase, "from" | "reach"> {
  const needed = segmentOf(manifest.stopSegment).number;
  const from = follow(needed)?.closedAt ?? new Date(manifest.stoppedAt);
  let reach: Date | undefined;
  for (let number = segmentOf(manifest.startSegment).number; ; number++) {
    const segment = follow(number);
    if (segment === undefined) return { from, reach: number > needed ? reach : undefined };
    if (reach === undefined || segment.closedAt > reach) reach = segment.closedAt;
  }
}
