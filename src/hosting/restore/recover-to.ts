import {
  missedFiles,
  RecoveryEnded,
  stopRestoredServer,
  type RestoredPlace,
  type ServerConnection,
} from "#platform/postgres/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { withoutLog, type Catalog } from "../backup/catalog.ts";
import { stamp } from "../backup/keyring.ts";
import type { TurnedTo } from "../backup/location.ts";
import { basesFor, windowOf } from "../backup/window.ts";
import { feedWal, UnreadableLog, type WalFeed } from "./feed-wal.ts";
import type { BackupSource } from "./lay-out.ts";
import { layOutSoundest, type Choice, type PassedOver } from "./lay-out-soundest.ts";
import { replay } from "./replay.ts";
import { readReached, type Reached } from "./reached.store.ts";

export type RecoveryPlan = {
  source: BackupSource;
  catalog: Catalog;
  /** Everything committed at or before it is there; everything there is when absent. */
  target: Date | undefined;
  /** Whose content is needed, by name. */
  wanted: (database: string) => boolean;
  /** An empty folder of its own. */
  directory: string;
  tried?: Choice["tried"];
  standsBack?: boolean;
  settings?: Record<string, string | number>;
  signal?: AbortSignal;
  progress?: (step: "unpack" | "replay") => Promise<void>;
};

export type RecoveredServer = {
  connection: ServerConnection;
  reached: Reached;
  /** The label of the base backup it was made from, and nearer ones that do not open. */
  base: string;
  passedOver: PassedOver[];
  /** Files that had to be read from the copy of the backups, and why. */
  turned: readonly TurnedTo[];
  unpackedBytes: number;
  logBytes: number;
  seconds: { unpack: number; replay: number };
  /** The moment up to which everything is in. */
  until: Date;
  /** Files of the log that did not open and ended it, in words. */
  unreadable: string[];
  stop(): Promise<void>;
};

type Replayed = Omit<RecoveredServer, "until" | "unreadable">;

/** Never touches the archive it comes from, and reads without waiting for the disk: it is thrown away at the end. */
export const scratchSettings = {
  fsync: "off",
  full_page_writes: "off",
  synchronous_commit: "off",
  shared_buffers: "128MB",
  max_connections: 20,
  max_wal_size: "4GB",
  autovacuum: "off",
};

/**
 * Lays out a base backup, replays the log up to the target and lets the server in. Where a base backup does not open or
 * does not lead to the target, the next older one is tried; without a target a file of the log that does not open is the
 * end of the log. Throws BackupError.
 */
export async function recoverTo(plan: RecoveryPlan): Promise<RecoveredServer> {
  const unreadable: UnreadableLog[] = [];
  const failed: PassedOver[] = [];
  for (;;) {
    const catalog = withoutLog(plan.catalog, new Set(unreadable.map(({ segment }) => segment.path)));
    try {
      const server = await recoverFrom({ ...plan, catalog }, failed);
      return {
        ...server,
        unreadable: unreadable.map(({ message }) => message),
        until: endOf(catalog, plan.target),
      };
    } catch (error) {
      if (error instanceof UnreadableLog && plan.target === undefined) unreadable.push(error);
      else if (error instanceof DoesNotReplay) failed.push({ label: error.label, reason: error.message });
      else throw error instanceof UnreadableLog ? withWayOut(error, plan) : error;
    }
  }
}

const endOf = (catalog: Catalog, target: Date | undefined): Date =>
  target ?? windowOf(catalog).latest ?? new Date(0);

/** Names the last moment before the file that does not open. */
function withWayOut(error: UnreadableLog, { catalog }: RecoveryPlan): BackupError {
  const { spans } = windowOf(withoutLog(catalog, new Set([error.segment.path])));
  const before = spans.findLast(({ to }) => to <= error.segment.closedAt)?.to;
  if (before === undefined) return error;
  const way = `The log goes up to it: --to ${before.toISOString()} works.`;
  return new BackupError(error.code, `${error.message} ${way}`, { cause: error });
}

/** The base backup and its log do not fit: the server gave up. */
class DoesNotReplay extends BackupError {
  readonly label: string;
  constructor(label: string, cause: RecoveryEnded) {
    super("damaged", `The backup could not be replayed. The server said:\n${cause.message}`, { cause });
    this.label = label;
  }
}

async function recoverFrom(plan: RecoveryPlan, failed: readonly PassedOver[]): Promise<Replayed> {
  const { source, catalog, directory, progress, signal } = plan;
  const began = performance.now();
  await stopRestoredServer(directory);
  await progress?.("unpack");
  const until = endOf(catalog, plan.target);
  const all = basesFor(catalog, until);
  const bases = all.filter(({ label }) => !failed.some((each) => each.label === label));
  const [lastFailed] = failed.slice(-1);
  if (bases.length === 0 && lastFailed !== undefined) throw new BackupError("damaged", lastFailed.reason);
  const { place, base, passedOver, unpackedBytes, declined, postgresPassword } = await layOutSoundest({
    ...plan,
    bases,
    unreadable: [...unreadableFor(catalog, all[0]?.label ?? "", until), ...failed],
    tried: plan.tried ?? (async () => undefined),
  });
  await progress?.("replay");
  const unpacked = performance.now();
  const feed = await feedWal(source, catalog, place);
  try {
    const server = await replay(place, {
      restoreCommand: feed.restoreCommand,
      target: plan.target,
      isAll: async () => {
        if (feed.failure() !== undefined || !feed.isThrough()) return false;
        await mustBeWhole(place, declined);
        return true;
      },
      password: postgresPassword,
      settings: { ...(declined.length > 0 ? overMissingPages : {}), ...plan.settings },
      ...(plan.standsBack === undefined ? {} : { standsBack: plan.standsBack }),
      ...(signal === undefined ? {} : { signal }),
    });
    await mustBeWhole(place, declined);
    if (plan.target === undefined && !feed.isThrough())
      throw new RecoveryEnded("It took the log for ended before its last file.");
    const seconds = { unpack: (unpacked - began) / 1000, replay: (performance.now() - unpacked) / 1000 };
    const reached = await readReached(server.connection);
    return {
      ...server,
      reached,
      base: base.label,
      passedOver,
      turned: source.location.otherwise?.turned ?? [],
      unpackedBytes,
      logBytes: feed.bytes(),
      seconds,
    };
  } catch (error) {
    await stopRestoredServer(directory);
    throw explained(error, feed, base.label);
  } finally {
    await feed.stop();
  }
}

/** Base backups whose manifest does not open, of which nobody can say how far they reach. */
const unreadableFor = ({ broken }: Catalog, nearest: string, until: Date): PassedOver[] =>
  broken.filter(({ label }) => label > nearest && label <= stamp(until));

// What the log says of databases without content has nowhere to go.
const overMissingPages = { ignore_invalid_pages: "on", log_min_messages: "warning" };

/** Throws BackupError `damaged` when pages were missing elsewhere than in databases that nobody reads. */
async function mustBeWhole(place: RestoredPlace, declined: readonly string[]): Promise<void> {
  const nobodys = new Set(declined);
  const lacking = (await missedFiles(place)).find((path) => !nobodys.has(path.split("/")[1] ?? ""));
  if (lacking !== undefined)
    throw new BackupError(
      "damaged",
      `The backup could not be replayed: ${lacking} lacks pages its log changes.`,
    );
}

function explained(error: unknown, feed: WalFeed, label: string): unknown {
  if (feed.failure() !== undefined) return feed.failure();
  // Anything else, such as a full disk, is no better with another base backup.
  const isOfTheBackup =
    error instanceof RecoveryEnded && !/No space left|Permission denied/.test(error.message);
  return isOfTheBackup ? new DoesNotReplay(label, error) : error;
}
