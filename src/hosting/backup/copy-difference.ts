import type { BackupLocation, Listed } from "./location.ts";
import { isSegmentName, segmentOf } from "./wal-names.ts";

/** What is copied; the marker of each location is its own. */
export const copiedFolders = ["wal", "base", "files"] as const;

export type CopyDifference = {
  /** Not in the copy yet, in the order in which it is copied. */
  waiting: Listed[];
  /** Of another size in the copy. */
  differing: string[];
  /** In the copy alone. */
  alone: string[];
};

/** Throws BackupError when one of the two is away. */
export async function copyDifference(
  first: BackupLocation,
  copy: BackupLocation,
  folder: string,
): Promise<CopyDifference> {
  // The copy first: what is written and copied between the two looks is then not taken for lost.
  const there = new Map((await copy.list(folder)).map((file) => [file.name, file.bytes]));
  const here = await first.list(folder);
  const names = new Set(here.map(({ name }) => name));
  return {
    waiting: here.filter(({ name }) => !there.has(name)).sort(inOrder),
    differing: here.filter(({ name, bytes }) => (there.get(name) ?? bytes) !== bytes).map(({ name }) => name),
    alone: [...there.keys()].filter((name) => !names.has(name)),
  };
}

// A base backup with its manifest is a whole one: its manifest comes after all else.
const inOrder = (a: Listed, b: Listed): number =>
  Number(isManifest(a.name)) - Number(isManifest(b.name)) || a.at.getTime() - b.at.getTime();

/** Files of base backups that were cut off and removed while they were copied. */
export async function unfinished(
  first: BackupLocation,
  copy: BackupLocation,
  alone: readonly string[],
): Promise<string[]> {
  const suspects = alone.filter((name) => name.startsWith("base/"));
  if (suspects.length === 0) return [];
  const whole = (await copy.list("base")).filter(({ name }) => isManifest(name));
  const known = new Set([...whole, ...(await first.list("base"))].map(({ name }) => labelOf(name)));
  return suspects.filter((name) => !known.has(labelOf(name)));
}

/** Files of the copy alone which the first should have too: newer than the oldest it still has of their kind. */
export async function lostByFirst(first: BackupLocation, alone: readonly string[]): Promise<string[]> {
  if (alone.length === 0) return [];
  const labels = (await first.list("base"))
    .filter(({ name }) => isManifest(name))
    .map(({ name }) => labelOf(name));
  const oldestLabel = labels.sort()[0] ?? "";
  const oldest = new Map<number, number>();
  for (const { name } of await first.list("wal")) {
    const segment = segmentAt(name);
    if (segment === undefined) continue;
    const { timeline, number } = segment;
    oldest.set(timeline, Math.min(number, oldest.get(timeline) ?? Infinity));
  }
  return alone.filter((name) => {
    const label = labelOf(name);
    // Of a file that was removed the copy alone may know, when the first location is a younger one.
    if (name.startsWith("files/"))
      return !alone.some((each) => each.startsWith(`${name}.`)) && !isGoneNote(name);
    if (name.startsWith("base/")) return labels.includes(label) || (isManifest(name) && label > oldestLabel);
    const segment = segmentAt(name);
    return segment !== undefined && segment.number > (oldest.get(segment.timeline) ?? Infinity);
  });
}

const isManifest = (name: string): boolean => name.endsWith("/manifest");
const isGoneNote = (name: string): boolean => /\.gone-\d+$/.test(name);
const labelOf = (name: string): string => name.split("/")[1] ?? "";

function segmentAt(path: string): ReturnType<typeof segmentOf> | undefined {
  const [name = ""] = path.split("/").at(-1)?.split(".") ?? [];
  return isSegmentName(name) ? segmentOf(name) : undefined;
}
