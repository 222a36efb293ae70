import type { Catalog } from "../backup/catalog.ts";
import type { Keyring } from "../backup/keyring.ts";
import type { Head } from "../backup/line-notes.ts";
import type { BackupLocation } from "../backup/location.ts";
import { cutWords, headPath } from "../backup/log-chain.ts";
import { loadBytes } from "../backup/store-file.ts";
import { segmentOf } from "../backup/wal-names.ts";
import { newestFollowed, strandedSpan } from "../backup/window.ts";

/** A sound server ships within a minute; older log means that it ended then, or that the backups are an older state. */
const freshMilliseconds = 120_000;

type Reached = { until: Date; unreadable: readonly string[]; head: Head | undefined };

/**
 * What the backups do not hold of what was written, as far as they show it, in words; of a recovery to a moment only what
 * is missing before it, and that fails by itself. `head` was read before the catalog was.
 */
export function lossesOf(catalog: Catalog, { until, unreadable, head }: Reached, now: Date): string[] {
  const at = until.toISOString();
  const newest = newestFollowed(catalog)?.name;
  const isHeadThere = head === undefined || catalog.segments.some(({ name }) => name === head.segment);
  const isBehind =
    head !== undefined &&
    segmentOf(head.segment).number > (newest === undefined ? 0 : segmentOf(newest).number);
  const stranded = strandedSpan(catalog);
  const lastCut = catalog.cut.filter(({ closedAt }) => closedAt >= until);
  const age = now.getTime() - until.getTime();
  const found: [boolean, string][] = [
    ...unreadable.map((reason): [boolean, string] => [
      true,
      `${reason} The log was replayed up to it: what was done after ${at} is lost.`,
    ]),
    ...lastCut.map((file): [boolean, string] => [
      true,
      `${cutWords(file)} What was done after ${at} is lost.`,
    ]),
    [
      !isHeadThere && isBehind,
      `Files of the log are missing: it was shipped up to ${head?.closedAt}, and ends at ${at}. What was done between is lost, unless it is in another copy of the backups.`,
    ],
    [
      stranded !== undefined && unreadable.length === 0 && lastCut.length === 0,
      `Log is missing after ${at}: what is there of ${stranded?.to.toISOString()} cannot be reached over it.`,
    ],
    [
      age > freshMilliseconds,
      `The newest file of the log is of ${at}, ${wordsOf(age)} ago. If the server went on after that, the backups are an older state of themselves, and what it did since is lost.`,
    ],
  ];
  return found.filter(([is]) => is).map(([, words]) => words);
}

export async function readHead(location: BackupLocation, keyring: Keyring): Promise<Head | undefined> {
  try {
    return JSON.parse((await loadBytes(location, keyring, headPath)).toString()) as Head;
  } catch {
    // Backups of before the chain have none; one that does not open says nothing.
    return undefined;
  }
}

function wordsOf(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
