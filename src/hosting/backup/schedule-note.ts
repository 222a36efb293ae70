import { noteFile } from "./note-file.ts";

/** Whether the schedule of backups runs, and when it last said so. */
export type ScheduleStanding = { runs: boolean; at?: string };

const noted = noteFile<Required<ScheduleStanding>>("schedule.json");

/** The schedule says so three times a minute, also while a long chore runs. */
const silentMilliseconds = 120_000;

export const noteSchedule = noted.keep;

export async function scheduleOf(directory: string, now: Date): Promise<ScheduleStanding> {
  const note = await noted.read(directory);
  if (note === undefined) return { runs: false };
  return { runs: note.runs && now.getTime() - Date.parse(note.at) < silentMilliseconds, at: note.at };
}
