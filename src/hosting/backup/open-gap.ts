import { archivedSince } from "./archiving.ts";
import type { Catalog } from "./catalog.ts";
import { stampedAt } from "./keyring.ts";
import { strandedSpan, windowOf, type Span } from "./window.ts";

/**
 * What cannot be restored and grows until the next base backup is made: log lies beyond a missing file of it, or was
 * archived anew after a time in which it was not.
 */
export async function openGap(
  directory: string,
  catalog: Pick<Catalog, "bases" | "segments" | "timelines">,
): Promise<Span | undefined> {
  const stranded = strandedSpan(catalog);
  if (stranded !== undefined) return stranded;
  const [since, { latest }] = [await archivedSince(directory), windowOf(catalog)];
  const newest = catalog.bases.at(-1)?.label;
  if (since === undefined || latest === undefined || newest === undefined) return undefined;
  return new Date(stampedAt(newest)) < since && latest < since ? { from: latest, to: since } : undefined;
}
