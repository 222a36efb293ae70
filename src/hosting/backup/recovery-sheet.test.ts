import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { backupKey } from "./keyring.ts";
import { keysOnSheet, sheetPath, writeSheet } from "./recovery-sheet.ts";

test("the sheet is written as text and as PDF for nobody else to read, and the keys come back from what either prints", async () => {
  const directory = await mkdtemp(join(tmpdir(), "strongroom-sheet-"));
  try {
    await mkdir(join(directory, "backup"));
    const keys = [1, 2, 3].map((day) => backupKey(randomBytes(32), `2026-11-0${day}T01-35-53Z`));
    const path = await writeSheet(directory, keys, "/mnt/backup");
    expect(path).toBe(sheetPath(directory));
    const pdf = path.replace(/txt$/, "pdf");
    for (const file of [path, pdf]) expect((await stat(file)).mode & 0o777).toBe(0o600);
    const printed = linesOf(await readFile(pdf));
    expect(printed).toContain("STRONGROOM RECOVERY SHEET");
    const wanted = keys.map(({ id, key }) => [id, key.export().toString("hex")]);
    for (const text of [await readFile(path, "utf8"), printed])
      expect(keysOnSheet(text).map(({ id, key }) => [id, key.export().toString("hex")])).toEqual(wanted);
  } finally {
    await rm(directory, { recursive: true });
  }
});

/** What a PDF with the standard types shows, a line of it per line. */
function linesOf(pdf: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; (at = pdf.indexOf("stream\n", at)) !== -1; at = pdf.indexOf("endstream", at) + 9) {
    const content = pdf.subarray(at + 7, pdf.indexOf("\nendstream", at));
    const drawn = inflateSync(content).toString("latin1");
    for (const [, shown = ""] of drawn.matchAll(/\[((?:<[\da-f]*>|[\s\d.-])*)\] TJ/g)) {
      const hex = [...shown.matchAll(/<([\da-f]*)>/g)].map(([, digits]) => digits).join("");
      lines.push(Buffer.from(hex, "hex").toString("latin1"));
    }
  }
  return lines.join("\n");
}
