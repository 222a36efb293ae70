import { BackupError } from "./backup-error.ts";
import type { Catalog } from "./catalog.ts";
import { headNotes } from "./line-notes.ts";
import type { BackupLocation } from "./location.ts";
import { cutWords } from "./log-chain.ts";
import { unchained } from "./log-files.ts";

/** How the log in the location compares with what was shipped there, in words; each absent while all is well. */
export type LogStanding = {
  /** The location is another server's by now. */
  taken?: string;
  /** It holds less than was shipped. */
  lacks?: string;
  /** Files of it that are not as they were stored. */
  damaged?: string;
};

/** From the listing and what the data folder remembers alone: no file is opened. Throws BackupError when it is away. */
export async function logStanding(
  location: BackupLocation,
  directory: string,
  catalog: Catalog,
): Promise<LogStanding> {
  const taken = await location.mustHold?.().then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof BackupError && error.code === "location_taken") return error.message;
      throw error;
    },
  );
  const lacks = await lackingOf(location, directory, catalog);
  const damaged = damagedOf(catalog);
  return {
    ...(taken === undefined ? {} : { taken }),
    ...(lacks === undefined || taken !== undefined ? {} : { lacks }),
    ...(damaged === undefined ? {} : { damaged }),
  };
}

async function lackingOf(
  location: BackupLocation,
  directory: string,
  { segments, cut }: Catalog,
): Promise<string | undefined> {
  const head = await headNotes.read(directory, location.identity);
  if (head === undefined) return undefined;
  const paths = [
    ...segments.flatMap(({ path, others = [] }) => [path, ...others]),
    ...cut.map(({ path }) => path),
  ];
  if (paths.includes(head.path)) return undefined;
  const newest =
    segments
      .map(({ closedAt }) => closedAt.toISOString())
      .sort()
      .at(-1) ?? "nowhere";
  return `${location.name} holds less than was shipped there: the log of ${head.closedAt} (${head.path}) is gone, and what is there ends at ${newest}. It was put back to an older state, or files were removed. Bring them back; until the next base backup nothing after it can be restored.`;
}

function damagedOf({ segments, cut }: Catalog): string | undefined {
  const words = [
    ...cut.map(cutWords),
    ...unchained(segments).map(({ path }) => `${path} was not shipped after the file before it.`),
  ];
  return words.length === 0 ? undefined : `Files of the log are damaged: ${words.slice(0, 3).join(" ")}`;
}
