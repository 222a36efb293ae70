import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

const path = (directory: string): string => join(directory, "backup", "runs.json");

export async function readNotes(directory: string): Promise<RunNotes> {
  return JSON.parse(await readFile(path(directory), "utf8").catch(() => "{}")) as RunNotes;
}

export async function keepNotes(directory: string, change: Partial<RunNotes>): Promise<void> {
  await mkdir(join(directory, "backup"), { recursive: true, mode: 0o700 });
  const draft = `${path(directory)}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ ...(await readNotes(directory)), ...change }), { mode: 0o600 });
  await rename(draft, path(directory));
}

/** Notes that a base backup opened or, with a reason, that it did not. */
export async function noteOpened(directory: string, label: string, reason?: string): Promise<void> {
  const { damaged = {} } = await readNotes(directory);
  if (damaged[label] === reason) return;
  const { [label]: _, ...others } = damaged;
  await keepNotes(directory, { damaged: reason === undefined ? others : { ...others, [label]: reason } });
}
