import type { Log } from "#platform/log/index.ts";
import type { ServerConnection } from "#platform/postgres/index.ts";
import type { FileBackups } from "../files/file-backups.ts";
import type { RecoveredServer } from "../restore/recover-to.ts";
import type { Shipper } from "./ship-wal.ts";
import type { BackupStatus } from "./status.ts";
import type { Window } from "./window.ts";

/**
 * The host's backups, however they are made: all that the rest of the program knows of them. Every function throws
 * BackupError when the backups are away, damaged or cannot give what was asked.
 */
export type Backups = {
  /** The data folder, in which the schedule keeps its notes and scratch servers stand. */
  directory: string;
  keepDays: number;
  /** Uploaded files, where these backups hold them. */
  files?: FileBackups;
  /** What can be restored now. */
  window(): Promise<Window>;
  /** Returns when everything committed before the call can be restored. */
  archiveAll(connection: ServerConnection, signal?: AbortSignal): Promise<void>;
  /** Returns when the backups hold everything up to that moment, unless log is missing before it. */
  archiveUpTo(target: Date, connection: ServerConnection, signal?: AbortSignal): Promise<void>;
  /** A server of its own as everything was at a moment, in which only the databases asked for can be read. */
  recover(wanted: WantedServer): Promise<RecoveredServer>;
  newest(): Promise<NewestBackups>;
  makeFull(connection: ServerConnection, now: Date, signal?: AbortSignal): Promise<MadeBackup>;
  /** There when increments are made beside the log. */
  makeIncrement?(now: Date, signal?: AbortSignal): Promise<MadeBackup>;
  /** Reads some of it as a restore would, and returns in words what; a failure is noted too. */
  check(random: () => number, now: Date): Promise<string>;
  /** Removes what the window no longer needs, and returns in words what was done. */
  purge(now: Date): Promise<string>;
  /** Never throws: backups that are away are a problem it tells of. */
  status(now: Date): Promise<BackupStatus>;
  /** There when this program itself has to bring the server's log to the backups. */
  startShipping?(log: Log): Shipper;
};

export type WantedServer = {
  target: Date;
  /** Its name at that moment. */
  database: string;
  /** An empty folder of its own. */
  directory: string;
  signal?: AbortSignal;
  progress?: (step: "unpack" | "replay") => Promise<void>;
};

/** When the newest of them began; where they lie in several places, in the one that is furthest behind. */
export type NewestBackups = {
  full: Date | undefined;
  /** There when increments are made beside the log. */
  increment?: Date | undefined;
  /** Since when there is log, or should be, that no backup can be carried on with: another full one is needed. */
  gapSince?: Date | undefined;
  /** There is something to be checked, purged and drilled. */
  some: boolean;
  /** What did not open has other files by now: whether it opens is to be seen. */
  repaired?: boolean;
};

/** A backup that was made just now, and from which moment on it can be restored. */
export type MadeBackup = { label: string; storedBytes: number; from: string };
