import { setTimeout as delay } from "node:timers/promises";
import type { ServerConnection } from "#platform/postgres/index.ts";
import { BackupError } from "./backup-error.ts";
import { endSegment } from "./base-backup.store.ts";
import type { BackupLocation } from "./location.ts";
import { logFolder } from "./log-chain.ts";

const secondsMax = 120;

/** Returns when that segment of the log is in the location. Throws BackupError `location_away` after two minutes. */
export async function waitForSegment(
  location: BackupLocation,
  segment: string,
  signal?: AbortSignal,
): Promise<void> {
  const folder = logFolder(segment);
  for (let waited = 0; waited < secondsMax; waited += 0.1) {
    const files = await location.list(folder);
    if (files.some(({ name }) => name.startsWith(`${folder}/${segment}.`))) return;
    await delay(100, undefined, signal === undefined ? {} : { signal });
  }
  throw new BackupError(
    "location_away",
    `The write-ahead log does not reach ${location.name}: segment ${segment} waits for ${secondsMax} seconds. See strongroom backup status.`,
  );
}

/** Returns when everything committed before the call is in the location; names the file of the log that holds it. */
export async function shipEverything(
  location: BackupLocation,
  connection: ServerConnection,
  signal?: AbortSignal,
): Promise<string> {
  const segment = await endSegment(connection);
  await waitForSegment(location, segment, signal);
  return segment;
}
