import { rm } from "node:fs/promises";
import { openRestoredPlace, type RestoredPlace } from "#platform/postgres/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import type { UsableBase } from "../backup/catalog.ts";
import { readSecrets } from "../backup/manifest.ts";
import { give, layOut, type BackupSource } from "./lay-out.ts";

/** A base backup nearer to the moment, which does not open, and why. */
export type PassedOver = { label: string; reason: string };

export type LaidOut = {
  place: RestoredPlace;
  base: UsableBase;
  passedOver: PassedOver[];
  unpackedBytes: number;
  /** Databases that have no content, by oid. */
  declined: string[];
  postgresPassword: string;
};

export type Choice = {
  source: BackupSource;
  /** From which the moment can be reached, the surest first. */
  bases: readonly UsableBase[];
  /** Known from the start not to open. */
  unreadable: readonly PassedOver[];
  directory: string;
  wanted: (database: string) => boolean;
  /** Told of every base backup that was tried: why it does not open, nothing when it does. */
  tried: (label: string, reason: string | undefined) => Promise<void>;
  signal?: AbortSignal;
};

/**
 * Lays out the first of the base backups whose files all open: an older one only costs the replay of more log. Throws
 * BackupError with the reason of each when none does.
 */
export async function layOutSoundest(choice: Choice): Promise<LaidOut> {
  const { source, bases, unreadable, tried } = choice;
  const passedOver = [...unreadable];
  let first: BackupError | undefined;
  for (const base of bases) {
    try {
      const laidOut = await layOutOne(choice, base);
      await tried(base.label, undefined);
      return { ...laidOut, base, passedOver };
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      // A location that went away has lost nothing.
      await source.location.list(`base/${base.label}`);
      first ??= error;
      passedOver.push({ label: base.label, reason: error.message });
      await tried(base.label, error.message);
    }
  }
  const reasons = passedOver.map(({ reason }) => reason).join(" ");
  throw new BackupError(
    first?.code ?? "missing",
    `No base backup from which this moment can be reached opens. ${reasons}`,
    { cause: first },
  );
}

async function layOutOne({ source, directory, wanted, signal }: Choice, base: UsableBase) {
  await rm(directory, { recursive: true, force: true });
  const place = await openRestoredPlace(directory);
  await give(place, place.folder);
  // A server is entered through its maintenance database, and a drill makes a new one from the empty template.
  const isNeeded = (name: string) => name === "postgres" || name === "template0" || wanted(name);
  const nameOf = new Map(base.databases.map(({ oid, name }) => [String(oid), name]));
  const { bytes, declined } = await layOut(
    source,
    base,
    place,
    // One without a name was made while the backup ran: the log makes it anew.
    (oid) => isNeeded(nameOf.get(oid) ?? ""),
    signal,
  );
  const { postgresPassword } = await readSecrets(source.location, source.keyring, base.label);
  return { place, unpackedBytes: bytes, declined, postgresPassword };
}

// Anything else, such as a full disk, is no better with another base backup.
const isUnreadable = (error: unknown): error is BackupError =>
  error instanceof BackupError && ["missing", "damaged", "key_missing", "newer_version"].includes(error.code);
