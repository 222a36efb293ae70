import { statfs } from "node:fs/promises";
import { unlessAway } from "./backup-error.ts";
import type { BackupLocation } from "./location.ts";
import { noteFile } from "./note-file.ts";

/** A disk; `fullInHours` when it has been filling since it was first looked at. */
export type Room = { freeBytes: number; sizeBytes: number; fullInHours?: number };

/** Free bytes at one moment. */
export type Look = { at: string; data: number; backups?: number };

/** The looks of the last two days, oldest first. */
export const roomNotes = noteFile<Look[]>("room.json");

const hourMilliseconds = 3_600_000;
const remembered = 48;

/** Room on the disks of the data and, where the storage is there and says it, of the backups. */
export async function roomOf(
  backups: {
    directory: string;
    location: Pick<BackupLocation, "room">;
    /** Where the data lies when it is not in the data folder. */
    dataFolder?: string;
  },
  now: Date,
): Promise<{ data: Room; backups?: Room }> {
  const { directory, location, dataFolder = directory } = backups;
  const data = await dataRoom(dataFolder);
  // While the backups are away the log waits on the data's disk, which gets full of it.
  const stored = await unlessAway(() => location.room());
  const looks = (await roomNotes.read(directory)) ?? [];
  const last = looks.at(-1);
  // One look an hour is enough for a forecast.
  if (last === undefined || now.getTime() - Date.parse(last.at) > hourMilliseconds) {
    const look = {
      at: now.toISOString(),
      data: data.freeBytes,
      ...(stored === undefined ? {} : { backups: stored.freeBytes }),
    };
    // A disk that is full does not take it, and is told of all the same.
    await roomNotes.keep(directory, [...looks, look].slice(-remembered)).catch(() => undefined);
  }
  const first = looks[0];
  return {
    data: { ...data, ...forecast(first, first?.data, data.freeBytes, now) },
    ...(stored === undefined
      ? {}
      : { backups: { ...stored, ...forecast(first, first?.backups, stored.freeBytes, now) } }),
  };
}

export async function dataRoom(directory: string): Promise<Room> {
  const { bavail, blocks, bsize } = await statfs(directory);
  return { freeBytes: bavail * bsize, sizeBytes: blocks * bsize };
}

// Measured against the oldest look of the last two days.
function forecast(look: Look | undefined, before: number | undefined, free: number, now: Date) {
  if (look === undefined || before === undefined) return {};
  const hours = (now.getTime() - Date.parse(look.at)) / hourMilliseconds;
  const used = before - free;
  return hours > 0.5 && used > 0 ? { fullInHours: free / (used / hours) } : {};
}
