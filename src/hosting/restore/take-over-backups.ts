import { BackupError } from "../backup/backup-error.ts";
import type { Catalog } from "../backup/catalog.ts";
import { headNotes } from "../backup/line-notes.ts";
import type { BackupLocation } from "../backup/location.ts";
import { noChain } from "../backup/log-chain.ts";
import { takeOver, type Owned } from "../backup/ownership.ts";
import { newestFollowed } from "../backup/window.ts";

/**
 * Makes a recovered server the one that writes to the backups it came from: the lost one, should it run again, is told at
 * its next file. What is there stays as it is until the new one is started, so that a recovery to a wrong moment can be
 * done again. Returns why it could not be, in words.
 */
export async function takeOverBackups(
  location: BackupLocation,
  owner: Owned,
  catalog: Catalog,
): Promise<string | undefined> {
  try {
    await takeOver(location, owner);
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    return `The backups at ${location.name} could not be taken over: ${error.message} Name another folder in STRONGROOM_BACKUP.`;
  }
  const newest = newestFollowed(catalog);
  if (newest === undefined) return undefined;
  const { name: segment, path, closedAt, link } = newest;
  const head = { segment, path, chain: link?.chain ?? noChain, closedAt: closedAt.toISOString() };
  await headNotes.keep(owner.directory, location.identity, head);
  return undefined;
}
