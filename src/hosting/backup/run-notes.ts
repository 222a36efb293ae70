import { noteFile } from "./note-file.ts";
import type { RetentionState } from "./retention.ts";

/** When each part of the schedule last ran and what came of it. Kept beside the data, for whoever looks. */
export type RunNotes = {
  base?: Note;
  increment?: Note;
  check?: Note;
  purge?: Note;
  drill?: Note;
  retention?: RetentionState;
  /** Base backups that did not open when they were last tried, by label, with the reason. */
  damaged?: Record<string, string>;
};

export type Note = { at: string; ok: boolean; words: string };

const notes = noteFile<RunNotes>("runs.json");

export async function readNotes(directory: string): Promise<RunNotes> {
  return (await notes.read(directory)) ?? {};
}

export async function keepNotes(directory: string, change: Partial<RunNotes>): Promise<void> {
  await notes.keep(directory, { ...(await readNotes(directory)), ...change });
}

/** Notes that a base backup opened or, with a reason, that it did not. */
export async function noteOpened(directory: string, label: string, reason?: string): Promise<void> {
  const { damaged = {} } = await readNotes(directory);
  if (damaged[label] === reason) return;
  const { [label]: _, ...others } = damaged;
  await keepNotes(directory, { damaged: reason === undefined ? others : { ...others, [label]: reason } });
}
