import { noteFile } from "./note-file.ts";

/** Who has a location: counted up whenever somebody begins to write there. `token` is nobody else's. */
export type Claim = { epoch: number; token: string };

/** `asked` is not known to be had. */
export type Claims = { held?: Claim; asked?: Claim };

/** The newest file of the log that was shipped, and the chain up to it. */
export type Head = { segment: string; path: string; chain: string; closedAt: string };

/** `made` and not purged, oldest first; of one that is `begun` what is there was cut off when nobody makes it. */
export type BasesMade = { made: string[]; begun?: string };

/**
 * What a data folder knows of the locations it writes to, by their identity: nothing that becomes of a location makes it
 * forget. Each location's is a file of its own, so that several who note something at once take nothing from each other.
 */
export const claimNotes = byIdentity<Claims>("claim");
export const headNotes = byIdentity<Head>("head");
export const baseNotes = byIdentity<BasesMade>("bases");

function byIdentity<Value>(what: string) {
  const of = (identity: string) => noteFile<Value>(`${what}-${identity}.json`);
  // Folders of before have one file for all.
  const together = noteFile<Record<string, Value>>(`${what}.json`);
  return {
    read: async (directory: string, identity: string): Promise<Value | undefined> =>
      (await of(identity).read(directory)) ?? (await together.read(directory))?.[identity],
    keep: (directory: string, identity: string, value: Value): Promise<void> =>
      of(identity).keep(directory, value),
  };
}
