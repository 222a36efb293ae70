import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeSecret } from "#platform/secrets/index.ts";
import { BackupError } from "./backup-error.ts";
import { backupKey, type BackupKey } from "./keyring.ts";
import { sheetPdf } from "./sheet-pdf.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

export const sheetPath = (directory: string): string => join(directory, "backup", "recovery-sheet.txt");

/** Writes the sheet anew, as text and beside it as PDF (mode 0600 both), and returns the text's path. */
export async function writeSheet(
  directory: string,
  keys: readonly BackupKey[],
  location: string,
): Promise<string> {
  const path = sheetPath(directory);
  const text = sheetText(keys, location);
  await writeSecret(path.replace(/txt$/, "pdf"), await sheetPdf(text, new Date()));
  await writeSecret(path, text);
  return path;
}

export function sheetText(keys: readonly BackupKey[], location: string): string {
  const blocks = keys.map(
    ({ id, key, madeAt }, index) =>
      `Key ${id}, made ${madeAt}${index === keys.length - 1 ? ", in use" : ""}\n  ${grouped(key.export())}\n`,
  );
  return `STRONGROOM RECOVERY SHEET

Without the keys below nobody can read the backups; with them and the backups anybody can read everything.
Print this page, seal it in an envelope and keep it in a safe, away from the backups and from this server.
Then delete its two files, recovery-sheet.txt and recovery-sheet.pdf.

Backups are written to: ${location}

${blocks.join("\n")}
To recover the whole server on an empty machine:
  1. Install Strongroom and make the backups reachable, for example at /mnt/backup.
  2. Save this text as a file, for example sheet.txt; typed anew, spaces, hyphens and case do not matter.
  3. strongroom recover --from /mnt/backup --key sheet.txt [--to 2026-11-22T01:35:53Z]
     Without --to the server is recovered to the last moment there is.
  4. Start Strongroom as usual.
To bring a lost key back to a running server: strongroom backup key sheet.txt
`;
}

/** The keys of a sheet, however it was typed: spaces, hyphens and case do not matter. Throws BackupError `key_wrong`. */
export function keysOnSheet(text: string): BackupKey[] {
  const found = [
    ...text.matchAll(
      /^Key ([0-9a-f]{16}), made ([^\s,]+),?(?: in use)?[ \t\r]*\n(?:[ \t\r]*\n)*[ \t]*([A-Za-z2-7][A-Za-z2-7 -]*)$/gm,
    ),
  ];
  if (found.length === 0)
    throw new BackupError("key_wrong", "There is no backup key in this file. It should be a recovery sheet.");
  return found.map(([, id = "", madeAt = "", typed = ""]) => {
    const key = backupKey(fromLetters(typed), madeAt);
    if (key.id !== id)
      throw new BackupError(
        "key_wrong",
        `Key ${id} on the sheet was mistyped: its letters make another key.`,
      );
    return key;
  });
}

export const readSheet = async (path: string): Promise<BackupKey[]> =>
  keysOnSheet(
    await readFile(path, "utf8").catch((cause: unknown) => {
      throw new BackupError("key_missing", `The recovery sheet ${path} cannot be read.`, { cause });
    }),
  );

// 32 bytes are 52 letters of five bits; the last four bits are zero.
function grouped(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const words = bits.match(/.{1,5}/g) ?? [];
  const text = words.map((word) => letters.charAt(Number.parseInt(word.padEnd(5, "0"), 2))).join("");
  return (text.match(/.{1,4}/g) ?? []).join("-");
}

function fromLetters(typed: string): Uint8Array {
  const values = [...typed.toUpperCase()].filter((each) => letters.includes(each));
  const bits = values.map((each) => letters.indexOf(each).toString(2).padStart(5, "0")).join("");
  const bytes = bits.slice(0, Math.floor(bits.length / 8) * 8).match(/.{8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => Number.parseInt(byte, 2));
}
