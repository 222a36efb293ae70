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
  /** Base backups that did not open when they were last tried, by label. */
  damaged?: Record<string, Damage>;
};

/** Why it does not open, and what its files were then where that can be told: once they are others, nobody knows. */
export type Damage = { reason: string; files?: string };

export type Note = { at: string; ok: boolean; words: string };

const notes = noteFile<RunNotes>("runs.json");

export async function readNotes(directory: string): Promise<RunNotes> {
  return (await notes.read(directory)) ?? {};
}

export async function keepNotes(directory: string, change: Partial<RunNotes>): Promise<void> {
  await notes.keep(directory, { ...(await readNotes(directory)), ...change });
}

/** Notes that a base backup opened or that it did not. */
export async function noteOpened(directory: string, label: string, damage?: Damage): Promise<void> {
  const { damaged = {} } = await readNotes(directory);
  const { [label]: known, ...others } = damaged;
  if (known?.reason === damage?.reason && known?.files === damage?.files) return;
  await keepNotes(directory, { damaged: damage === undefined ? others : { ...others, [label]: damage } });
}
