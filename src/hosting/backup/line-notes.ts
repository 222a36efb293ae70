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
 * forget. Each is written by one program at a time.
 */
export const claimNotes = byIdentity<Claims>("claim.json");
export const headNotes = byIdentity<Head>("head.json");
export const baseNotes = byIdentity<BasesMade>("bases.json");

function byIdentity<Value>(file: string) {
  const noted = noteFile<Record<string, Value>>(file);
  return {
    read: async (directory: string, identity: string): Promise<Value | undefined> =>
      (await noted.read(directory))?.[identity],
    async keep(directory: string, identity: string, value: Value): Promise<void> {
      await noted.keep(directory, { ...(await noted.read(directory)), [identity]: value });
    },
  };
}
