/** Where the backups lie. Names are relative, with slashes; everything in it is encrypted before it comes here. */
export type BackupLocation = {
  /** Whatever it is called and wherever it is mounted. */
  identity: string;
  /** As STRONGROOM_BACKUP names it: a folder, or s3://bucket/prefix. */
  name: string;
  /** All that somebody must know to find it again, for the recovery sheet; no secrets. */
  description: string;
  /** The file appears whole and lasting, as it was read back, or not at all. Throws BackupError `location_away`, `location_full`, `access_denied`. */
  put(name: string, content: AsyncIterable<Uint8Array>): Promise<Stored>;
  /** Makes a small file unless it is there: of several who try, one is told true. */
  claim(name: string, content: Uint8Array): Promise<boolean>;
  /** Throws BackupError `missing`. */
  read(name: string): AsyncIterable<Uint8Array>;
  /** Everything below that folder that is whole. */
  list(folder: string): Promise<Listed[]>;
  /** A file, or a folder with everything below it. */
  remove(name: string): Promise<void>;
  /** Removes what killed programs left half written. */
  clean(): Promise<void>;
  /** Undefined where the storage does not say. */
  room(): Promise<{ freeBytes: number; sizeBytes: number } | undefined>;
  /** The disk or storage it stands or falls with; see `areApart`. Undefined while it is away. */
  ground(): Promise<string | undefined>;
  /** Where it has one owner: throws BackupError `location_taken` when that is another server by now. */
  mustHold?(): Promise<void>;
  /** Shuts out whoever else has what this server knows of itself, such as a copy of its data folder. */
  claimAnew?(): Promise<void>;
  /** Where a restore reads on when a file here is away, missing or damaged. */
  otherwise?: Otherwise;
};

/** A second location with the same files, and what had to be read there and why. */
export type Otherwise = { location: BackupLocation; turned: TurnedTo[] };
export type TurnedTo = { name: string; reason: string };

export type Stored = { bytes: number; sha256: string };

/** `at` is when it was written. */
export type Listed = { name: string; bytes: number; at: Date };

/** Where backups can lie: not looked at yet. */
export type BackupPlace = {
  name: string;
  description: string;
  /** What must be set to reach it again besides its name; no secrets. */
  settings: Readonly<Record<string, string>>;
  /** Makes a location of an empty place; gives the identity of one that is a location already. */
  initialise(): Promise<string>;
  /** Undefined when no backups lie there. */
  identity(): Promise<string | undefined>;
  /** Nothing is written while the place has not that identity. */
  open(identity: string): BackupLocation;
  ground(): Promise<string | undefined>;
};

export const markerName = "strongroom-backup.json";

export const markerOf = (identity: string): Buffer =>
  Buffer.from(`${JSON.stringify({ what: "Backups of a Strongroom server, encrypted", identity })}\n`);

export const identityIn = (marker: string): string => (JSON.parse(marker) as { identity: string }).identity;

export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
