import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One file `0001-name.sql`. Numbers start at 1 and have no gaps. */
export type Migration = { number: number; name: string; sql: string; sha256: string };

export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".sql")).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = index + 1;
      if (!name.startsWith(`${String(number).padStart(4, "0")}-`)) {
        throw new Error(`Expected migration number ${number} in ${folder}, found ${name}.`);
      }
      const sql = await readFile(join(folder, name), "utf8");
      return { number, name, sql, sha256: sha256(sql) };
    }),
  );
}

/** Sixteen hexadecimal digits that change with every change of any file in the folder. */
export async function fingerprint(folder: string): Promise<string> {
  const migrations = await readMigrations(folder);
  return sha256(migrations.map(({ name, sha256: hash }) => `${name} ${hash}`).join("\n")).slice(0, 16);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
