import type { Keyring } from "./keyring.ts";
import type { BackupLocation } from "./location.ts";
import {
  closings,
  followers,
  isOnLine,
  listLog,
  readTimelines,
  type ArchivedSegment,
  type Follow,
} from "./log-files.ts";
import type { LogFile } from "./log-chain.ts";
import { listLabels, readManifest, type Manifest } from "./manifest.ts";
import { segmentOf, type Timeline } from "./wal-names.ts";

/**
 * A base backup, from which moment on it can be restored and how far the log that follows it reaches without a gap;
 * `reach` is undefined when it lacks the log it needs itself.
 */
export type UsableBase = Manifest & { from: Date; reach: Date | undefined; storedBytes: number };

export type Catalog = {
  bases: UsableBase[];
  /** Base backups of a line that was left for another before they ended: nothing leads on from them. */
  abandoned: UsableBase[];
  /** Base backups whose manifest does not open, with the reason. */
  broken: { label: string; reason: string }[];
  segments: ArchivedSegment[];
  /** Files of the log that are not as long as they were stored. */
  cut: LogFile[];
  timelines: Timeline[];
};

/** Reads everything there is in the location; nothing else is needed to know what can be restored. */
export async function readCatalog(location: BackupLocation, keyring: Keyring): Promise<Catalog> {
  const { segments, cut } = await listLog(location);
  const timelines = await readTimelines(location, keyring, segments);
  const bases: UsableBase[] = [];
  const broken: Catalog["broken"] = [];
  for (const label of (await listLabels(location)).whole) {
    try {
      const manifest = await readManifest(location, keyring, label);
      const storedBytes = manifest.parts.reduce((sum, part) => sum + part.storedBytes, 0);
      bases.push({ ...manifest, storedBytes, from: new Date(manifest.stoppedAt), reach: undefined });
    } catch (error) {
      broken.push({ label, reason: (error as Error).message });
    }
  }
  return spanned({ bases, abandoned: [], broken, segments, cut, timelines });
}

/** The same without some files of the log, such as one that does not open. */
export function withoutLog(catalog: Catalog, paths: ReadonlySet<string>): Catalog {
  const segments = catalog.segments.filter(({ path }) => !paths.has(path));
  return spanned({ ...catalog, segments, bases: [...catalog.bases, ...catalog.abandoned] });
}

/** With what the log makes of each base backup. */
function spanned(catalog: Catalog): Catalog {
  const { segments, timelines, bases: all } = catalog;
  const follow = followers(segments, timelines);
  const onLine = (base: UsableBase) => isOnLine(timelines, base.stopSegment);
  return {
    ...catalog,
    bases: all.filter(onLine).map((base) => ({ ...base, ...spanOf(base, follow) })),
    abandoned: all.filter((base) => !onLine(base)).map((base) => ({ ...base, reach: undefined })),
  };
}

// The server ends the segment in which the backup ends: whatever was committed after that segment's last change was
// committed after the backup, and the backup before it goes up to the same moment.
function spanOf(manifest: Manifest, follow: Follow): Pick<UsableBase, "from" | "reach"> {
  const [start, needed] = [segmentOf(manifest.startSegment), segmentOf(manifest.stopSegment)];
  const files: ArchivedSegment[] = [];
  for (let number = start.number; ; number++) {
    const segment = follow(number);
    if (segment === undefined) break;
    files.push(segment);
  }
  const closed = closings(files);
  const from = closed[needed.number - start.number];
  if (from === undefined) return { from: new Date(manifest.stoppedAt), reach: undefined };
  return { from, reach: new Date(Math.max(...closed.map((at) => at.getTime()))) };
}
