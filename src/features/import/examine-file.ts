import type { Language } from "#core/index.ts";
import { dateOrderOf, decimalOf, delimiterOf, encodingOf, type Dialect } from "./dialect.ts";
import { limits } from "./limits.ts";
import { readRows } from "./read-rows.ts";
import { refuseFile } from "./refuse-file.ts";

export type Column = { name: string; samples: string[] };
export type Examined = { dialect: Dialect; columns: Column[]; rows: number };

const headBytes = 64 * 1024;
/** Rows looked at for samples, dates and numbers. */
const rowsLooked = 5000;
const charactersLooked = 4 * 1024 * 1024;
const samplesMax = 3;

/** What begins the files people mistake for CSV: zipped spreadsheets, PDF, old spreadsheets, pictures. */
const otherKinds = [
  "PK\u0003\u0004",
  "%PDF",
  "\u00d0\u00cf\u0011\u00e0",
  "\u0089PNG",
  "GIF8",
  "\u00ff\u00d8\u00ff",
].map((start) => Buffer.from(start, "latin1"));

/** How the file is to be read, its columns and rows, after looking at all of it. Throws a Refusal naming what is wrong. */
export async function examineFile(
  file: Buffer,
  language: Language,
  known: Partial<Dialect> = {},
): Promise<Examined> {
  if (file.length === 0) throw refuseFile(language, "empty");
  if (file.includes(0) || otherKinds.some((start) => file.subarray(0, start.length).equals(start)))
    throw refuseFile(language, "binary");
  const encoding = known.encoding ?? encodingOf(file);
  const delimiter =
    known.delimiter ?? delimiterOf(new TextDecoder(encoding).decode(file.subarray(0, headBytes)));
  const first: string[][] = [];
  let rows = 0;
  let looked = 0;
  const dialect: Dialect = {
    encoding,
    delimiter,
    dateOrder: known.dateOrder ?? "ymd",
    decimal: known.decimal ?? ".",
  };
  for await (const batch of readRows([file], dialect, language)) {
    rows += batch.length;
    for (const { cells } of batch) {
      if (first.length > rowsLooked || looked > charactersLooked) break;
      // Cut within a pair, a character would be half of one, which is nothing the database keeps.
      const shown = cells.map((cell) => cell.trim().slice(0, limits.columnNameMax).toWellFormed());
      first.push(shown);
      looked += shown.reduce((sum, cell) => sum + cell.length, 0);
    }
  }
  const [header, ...body] = first;
  if (header === undefined) throw refuseFile(language, "empty");
  if (rows === 1) throw refuseFile(language, "no_rows");
  const cells = body.flat();
  const written = {
    dateOrder: known.dateOrder ?? dateOrderOf(cells, language),
    decimal: known.decimal ?? decimalOf(cells, delimiter),
  };
  return { dialect: { ...dialect, ...written }, columns: columnsOf(header, body), rows: rows - 1 };
}

/** Every column under a name of its own; a nameless one is called by its place. */
function columnsOf(header: readonly string[], body: readonly string[][]): Column[] {
  const taken = new Set<string>();
  return header.map((text, index) => {
    const plain = text.slice(0, limits.columnNameMax) || `Column ${index + 1}`;
    let name = plain;
    for (let count = 2; taken.has(name); count += 1) name = `${plain} (${count})`;
    taken.add(name);
    return { name, samples: samplesOf(body, index) };
  });
}

function samplesOf(body: readonly string[][], index: number): string[] {
  const samples = new Set<string>();
  for (const row of body) {
    const cell = row[index];
    if (cell !== undefined && cell !== "") samples.add(cell.slice(0, 80).toWellFormed());
    if (samples.size === samplesMax) break;
  }
  return [...samples];
}
