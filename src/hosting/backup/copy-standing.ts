import { copiedFolders, copyDifference, lostByFirst } from "./copy-difference.ts";
import { areApart } from "./disk-of.ts";
import type { BackupLocation, Listed } from "./location.ts";

/** How the copy of the backups stands; times ISO 8601. */
export type CopyStanding = {
  location: string;
  /** What takes the first location leaves it. */
  separate: boolean;
  /** Why it cannot be told. */
  away?: string;
  waiting: { files: number; bytes: number; since?: string };
  /** Longer than it should. */
  late: boolean;
  differing: string[];
  /** What the copy has and the first location has lost. */
  lost: string[];
  /** Absent where the storage does not say. */
  room?: { freeBytes: number; sizeBytes: number };
};

/** A file of the log, an archive of gigabytes, and an uploaded file. */
const lateSeconds = { wal: 300, base: 3_600, files: 300 };

/** Never throws. Of a first location that is away only what the copy tells by itself. */
export async function copyStanding(
  { location, copy }: { location: BackupLocation; copy: BackupLocation },
  now: Date,
): Promise<CopyStanding> {
  const standing: CopyStanding = {
    location: copy.name,
    separate: true,
    waiting: { files: 0, bytes: 0 },
    late: false,
    differing: [],
    lost: [],
  };
  try {
    standing.separate = areApart(await copy.ground(), await location.ground());
    const room = await copy.room();
    await copy.list("wal/history");
    if (room !== undefined) standing.room = room;
  } catch (error) {
    return { ...standing, away: (error as Error).message };
  }
  const differs = await difference({ location, copy }, now).catch(() => undefined);
  return { ...standing, ...differs };
}

async function difference(
  { location, copy }: { location: BackupLocation; copy: BackupLocation },
  now: Date,
): Promise<Pick<CopyStanding, "waiting" | "late" | "differing" | "lost">> {
  const waiting: Listed[] = [];
  const found = { late: false, differing: [] as string[], lost: [] as string[] };
  for (const folder of copiedFolders) {
    const each = await copyDifference(location, copy, folder);
    waiting.push(...each.waiting);
    found.late ||= each.waiting.some(({ at }) => now.getTime() - at.getTime() > lateSeconds[folder] * 1_000);
    found.differing.push(...each.differing);
    found.lost.push(...(await lostByFirst(location, each.alone)));
  }
  const since = Math.min(...waiting.map(({ at }) => at.getTime()));
  return {
    ...found,
    waiting: {
      files: waiting.length,
      bytes: waiting.reduce((sum, { bytes }) => sum + bytes, 0),
      ...(waiting.length === 0 ? {} : { since: new Date(since).toISOString() }),
    },
  };
}
