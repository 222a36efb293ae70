import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeSecret } from "#platform/secrets/index.ts";
import { BackupError } from "./backup-error.ts";

/** What the program and the commands beside it write down for each other, in a file beside the data. */
export type NoteFile<Value> = {
  /** Undefined before anything was noted. Throws BackupError `damaged`. */
  read(directory: string): Promise<Value | undefined>;
  /** Whoever reads sees the note before or this one, whole, also after a power cut. */
  keep(directory: string, value: Value): Promise<void>;
};

export function noteFile<Value>(name: string): NoteFile<Value> {
  const pathIn = (directory: string) => join(directory, "backup", name);
  return {
    async read(directory) {
      const path = pathIn(directory);
      const text = await readFile(path, "utf8").catch(ifNothingNoted);
      if (text === undefined) return undefined;
      try {
        return JSON.parse(text) as Value;
      } catch (error) {
        throw new BackupError(
          "damaged",
          `${path} is damaged (${(error as Error).message}). Move it away: the program then begins it anew.`,
        );
      }
    },
    async keep(directory, value) {
      const path = pathIn(directory);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeSecret(path, JSON.stringify(value));
    },
  };
}

function ifNothingNoted(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
