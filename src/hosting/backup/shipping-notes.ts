import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "#platform/files/index.ts";
import { shippedFolder } from "#platform/postgres/index.ts";
import { noteFile } from "./note-file.ts";
import { unshippedSince } from "./written.ts";
import { isHistoryName, segmentBytes } from "./wal-names.ts";

/** How shipping goes: what waits, for how long, and why. */
export type Shipping = {
  waitingFiles: number;
  waitingBytes: number;
  /** When the oldest waiting file was finished, ISO 8601. */
  waitingSince?: string;
  /** Since when something is written that no backup has, finished or not, ISO 8601; whatever keeps it. */
  unshippedSince?: string;
  failure?: string;
  failingSince?: string;
};

type Note = { at?: string; failure?: string; failingSince?: string };

type Shipped = "shipping" | "files";
const noted = { shipping: noteFile<Note>("shipping.json"), files: noteFile<Note>("files.json") };

/** Why what is brought there does not come there; of the log or of files. */
export async function failureOf(
  directory: string,
  of: Shipped,
): Promise<Pick<Shipping, "failure" | "failingSince">> {
  const { failure, failingSince } = (await noted[of].read(directory)) ?? {};
  return failure === undefined ? {} : { failure, failingSince: failingSince ?? "" };
}

export async function shippingOf(directory: string): Promise<Shipping> {
  const ready = await readyFiles(directory).catch(() => []);
  const marked = await Promise.all(
    ready.map((name) => stat(join(shippedFolder(directory), name)).catch(() => undefined)),
  );
  const waiting = ready.filter((_, index) => marked[index] === undefined);
  const oldest =
    waiting[0] &&
    (await stat(join(directory, "postgres/pg_wal/archive_status", `${waiting[0]}.ready`)).catch(
      () => undefined,
    ));
  const unshipped = await unshippedSince(directory);
  return {
    waitingFiles: waiting.length,
    waitingBytes: waiting.length * segmentBytes,
    ...(oldest ? { waitingSince: oldest.mtime.toISOString() } : {}),
    ...(unshipped === undefined ? {} : { unshippedSince: unshipped }),
    ...(await failureOf(directory, "shipping")),
  };
}

/** Keeps the first moment of a failure that goes on. */
export async function noteShipping(directory: string, note: Note, of: Shipped = "shipping"): Promise<void> {
  const before = await noted[of].read(directory);
  const since = note.failure === undefined ? undefined : (before?.failingSince ?? note.failingSince);
  await noted[of].keep(directory, { ...note, ...(since === undefined ? {} : { failingSince: since }) });
}

/** The mark is on disk when this returns, after the file it speaks of. */
export async function makeMark(folder: string, name: string): Promise<void> {
  const file = await open(join(folder, name), "w", 0o644);
  await file.sync().finally(() => file.close());
  await syncFolder(folder);
}

/** Files the server has finished and may not recycle yet, oldest first; histories of timelines before all. */
export async function readyFiles(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, "postgres/pg_wal/archive_status")).catch(ifNotThereYet);
  const ready = names
    .filter((name) => name.endsWith(".ready"))
    .map((name) => name.slice(0, -".ready".length));
  return ready.sort((a, b) => Number(isHistoryName(b)) - Number(isHistoryName(a)) || (a < b ? -1 : 1));
}

// Before the server's first start there is no log.
function ifNotThereYet(error: NodeJS.ErrnoException): string[] {
  if (error.code === "ENOENT") return [];
  throw error;
}
