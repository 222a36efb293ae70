import { statfs } from "node:fs/promises";
import { problemsOf, type Problem } from "../problems.ts";
import { roomOf } from "../room.ts";
import { readNotes, type RunNotes } from "../run-notes.ts";
import { scheduleOf } from "../schedule-note.ts";
import { hourly, windowStatus, type BackupStatus, type RepositoryStatus } from "../status.ts";
import { endOfSegment, shippedPlaces, unshippedSince } from "../written.ts";
import { isSeparate, twinOf } from "./apart.ts";
import { readHostCatalog, type HostCatalog, type StoredBackup } from "./catalog.ts";
import type { Repository } from "./configuration.ts";
import type { HostBackups } from "./host-backups.ts";
import { newestIn } from "./make.ts";
import type { SeenRepository } from "./repositories.ts";
import { nameOf } from "./restore.ts";
import { archiverOf, readHostServer } from "./server.store.ts";

/** Asks pgBackRest and the server anew. When either does not answer, that is the status. */
export async function hostBackupStatus(backups: HostBackups, now: Date): Promise<BackupStatus> {
  const { directory, connection, caller, pgFolder, repositories, keepDays, since } = backups;
  const notes = await readNotes(directory);
  let away: Problem | undefined;
  const read = <Value>(work: Promise<Value>, code: Problem["code"]): Promise<Value | undefined> =>
    work.catch((error: Error) => {
      away ??= { code, words: error.message };
      return undefined;
    });
  const catalog = await read(readHostCatalog(backups), "location_away");
  const { bases, segments, stranded, storedBytes } = catalog ?? nothing;
  const server = await read(readHostServer(connection), "database_away");
  const archived = catalog && (await noteArchived(directory, catalog));
  const shipping = await read(archiverOf(connection), "database_away");
  const location = { room: () => leastRoom(repositories) };
  const rooms = await read(roomOf({ directory, location, dataFolder: pgFolder }, now), "location_away");
  const seen = await Promise.all(
    (catalog?.repositories ?? []).map((each) => repositoryStatus(each, catalog!, pgFolder)),
  );
  const sound = seen.filter(({ failure }) => failure === undefined);
  const broken = brokenOnes(bases, notes);
  const status = {
    location: `pgBackRest ${caller.stanza}: ${repositories.map(({ place }) => place).join(", ")}`,
    separate: sound.length > 0 && sound.every(({ separate }) => separate),
    archiving: server !== undefined && server.notArchiving === undefined,
    notArchiving: server?.notArchiving,
    schedule: await scheduleOf(directory, now),
    since,
    keepDays,
    bases: bases
      .filter(({ full }) => full)
      .map((base) => ({
        label: nameOf(base),
        stoppedAt: base.stoppedAt,
        storedBytes: base.storedBytes,
        restorable: base.whole && !broken.some(({ label }) => label === nameOf(base)),
      })),
    increments: { newest: newestIn(bases, undefined, "increment")?.stoppedAt },
    repositories: seen,
    broken,
    window: windowStatus({ bases }, stranded, now),
    shipping: {
      ...(shipping ?? { waitingFiles: 0, waitingBytes: 0 }),
      ...(archived === undefined ? {} : { unshippedSince: archived }),
    },
    files: {},
    hours: hourly(segments, now),
    storedBytes,
    rooms,
    runs: { ...notes },
  };
  return { ...status, problems: away === undefined ? problemsOf(status, now) : [away] };
}

/** What is in a repository is archived, whatever the server says; returns since when something is written that is not. */
async function noteArchived(directory: string, { segments }: HostCatalog): Promise<string | undefined> {
  const place = Math.max(0, ...segments.map(({ name }) => endOfSegment(name)));
  await shippedPlaces.keep(directory, { place });
  return unshippedSince(directory);
}

const nothing = { bases: [], segments: [], stranded: undefined, storedBytes: 0 };

function brokenOnes(bases: readonly StoredBackup[], { damaged = {} }: RunNotes): BackupStatus["broken"] {
  return bases.flatMap((base) => {
    const label = nameOf(base);
    const reason = base.flawed
      ? `${label} holds pages that do not match their checksums: look at the server's disk.`
      : damaged[label]?.reason;
    return reason === undefined ? [] : [{ label, reason }];
  });
}

async function repositoryStatus(
  repository: SeenRepository,
  { bases, segments, repositories }: HostCatalog,
  pgFolder: string,
): Promise<RepositoryStatus> {
  const { key, place, encrypted } = repository;
  const twin = twinOf(repository, repositories);
  const failure = twin === undefined ? repository.failure : `it is the same folder as repository ${twin.key}`;
  const newestFull = newestIn(bases, key, "full")?.stoppedAt;
  const newestIncrement = newestIn(bases, key, "increment")?.stoppedAt;
  const own = new Set(repository.segments.map(({ name }) => name));
  const last = repository.segments.at(-1)?.name ?? "";
  const behindSince = segments.find(({ name }) => name > last && !own.has(name))?.closedAt.toISOString();
  return {
    key,
    place,
    separate: await isSeparate(repository, pgFolder),
    encrypted,
    ...(failure === undefined ? {} : { failure }),
    ...(newestFull === undefined ? {} : { newestFull }),
    ...(newestIncrement === undefined ? {} : { newestIncrement }),
    ...(behindSince === undefined ? {} : { behindSince }),
  };
}

/** Of the repositories on this machine the one with the least; other storage does not say. */
async function leastRoom(repositories: readonly Repository[]) {
  const folders = repositories.flatMap(({ folder }) => folder ?? []);
  const rooms = await Promise.all(folders.map((folder) => statfs(folder).catch(() => undefined)));
  return rooms
    .flatMap((room) =>
      room === undefined
        ? []
        : [{ freeBytes: room.bavail * room.bsize, sizeBytes: room.blocks * room.bsize }],
    )
    .sort((a, b) => a.freeBytes - b.freeBytes)[0];
}
