import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Whether the schedule of backups runs, and when it last said so. */
export type ScheduleStanding = { runs: boolean; at?: string };

const path = (directory: string): string => join(directory, "backup", "schedule.json");

/** The schedule says so three times a minute, also while a long chore runs. */
const silentMilliseconds = 120_000;

export async function noteSchedule(directory: string, note: Required<ScheduleStanding>): Promise<void> {
  await mkdir(join(directory, "backup"), { recursive: true, mode: 0o700 });
  await writeFile(`${path(directory)}.new`, JSON.stringify(note), { mode: 0o600 });
  await rename(`${path(directory)}.new`, path(directory));
}

export async function scheduleOf(directory: string, now: Date): Promise<ScheduleStanding> {
  const text = await readFile(path(directory), "utf8").catch(() => undefined);
  if (text === undefined) return { runs: false };
  const { runs, at } = JSON.parse(text) as Required<ScheduleStanding>;
  return { runs: runs && now.getTime() - Date.parse(at) < silentMilliseconds, at };
}
