import type { ServerConnection } from "#platform/postgres/index.ts";
import { writtenUpTo } from "./base-backup.store.ts";
import { noteFile } from "./note-file.ts";
import { segmentBytes, segmentOf } from "./wal-names.ts";

/** How far the server had written at a moment: a place in the log, in bytes from its beginning. */
type Look = { at: string; place: number };

const noted = noteFile<Look[]>("written.json");

// Only the oldest that is not shipped matters, and that something was written after it.
const looksMax = 12;

/** Asked three times a minute, so that log which does not arrive is told by its age, whatever keeps it. */
export async function noteWritten(directory: string, connection: ServerConnection, now: Date): Promise<void> {
  const place = await writtenUpTo(connection);
  const looks = (await noted.read(directory)) ?? [];
  const others = looks.filter((look) => look.place < place).slice(0, looksMax - 1);
  const shipped = await shippedPlaces.read(directory);
  const kept = others.filter((look) => shipped === undefined || look.place > shipped.place);
  await noted.keep(directory, [...kept, { at: now.toISOString(), place }]);
}

/** Up to where the log is in the backups. */
export const shippedPlaces = noteFile<{ place: number }>("shipped.json");

export const endOfSegment = (name: string): number => (segmentOf(name).number + 1) * segmentBytes;

/** Since when something is written that no backup has, as far as somebody looked, ISO 8601. */
export async function unshippedSince(directory: string): Promise<string | undefined> {
  const shipped = await shippedPlaces.read(directory);
  const looks = (await noted.read(directory)) ?? [];
  return looks.find(({ place }) => place > (shipped?.place ?? 0))?.at;
}
