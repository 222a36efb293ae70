import { isUtf8 } from "node:buffer";
import { CsvError, parse } from "csv-parse/sync";
import type { Language } from "#core/index.ts";
import { dayOf, numberOf, type Writing } from "./values.ts";

export const encodings = ["utf-8", "windows-1252"] as const;
export const delimiters = [",", ";", "\t"] as const;
export const dateOrders = ["mdy", "dmy", "ymd"] as const;
export const decimals = [".", ","] as const;

/** How a file is to be read. */
export type Dialect = Writing & {
  readonly encoding: (typeof encodings)[number];
  readonly delimiter: (typeof delimiters)[number];
};

/** UTF-8 when every byte fits it, else Windows-1252, in which every byte is a letter. */
export function encodingOf(file: Buffer): Dialect["encoding"] {
  return isUtf8(file) ? "utf-8" : "windows-1252";
}

const linesLooked = 50;

/** The delimiter that gives the first lines the same number of columns, the most if several do. */
export function delimiterOf(head: string): Dialect["delimiter"] {
  const columns = delimiters.map((delimiter) => ({ delimiter, count: evenColumns(head, delimiter) }));
  return columns.reduce((best, each) => (each.count > best.count ? each : best)).delimiter;
}

/** How many columns every line has; below 1 for how uneven they are. */
function evenColumns(head: string, delimiter: string): number {
  const rows = firstRows(head, delimiter).filter((row) => row.length > 1 || row[0] !== "");
  const [first] = rows;
  if (first === undefined || first.length < 2) return 0;
  const even = rows.filter((row) => row.length === first.length).length / rows.length;
  return even === 1 ? first.length : even;
}

/** The whole rows at the beginning of a text that may be cut anywhere. */
export function firstRows(head: string, delimiter: string, count: number = linesLooked): string[][] {
  const options = { delimiter, relax_quotes: true, relax_column_count: true, bom: true };
  try {
    return parse(head, { ...options, to: count });
  } catch (error) {
    // Cut within a row, or never ended: the rows before it are whole, and a second look takes those alone.
    const whole = error instanceof CsvError ? Number(error["records"] ?? 0) : 0;
    return whole > 0 ? parse(head, { ...options, to: Math.min(whole, count) }) : [];
  }
}

const dayLike = /^(\d{1,4})([./-])(\d{1,2})[./-](\d{1,4})(?:\D|$)/;

/** The order of day, month and year that the most dates allow; what decides nothing is decided by sign and language. */
export function dateOrderOf(cells: Iterable<string>, language: Language): Dialect["dateOrder"] {
  const fits = { mdy: 0, dmy: 0, ymd: 0 };
  let dotted = 0;
  for (const cell of cells) {
    const [, first = "", sign, month = "", last = ""] = dayLike.exec(cell) ?? [];
    if (sign === undefined) continue;
    if (first.length === 4) fits.ymd += 1;
    else
      for (const order of ["mdy", "dmy"] as const)
        if (dayOf(`${first}-${month}-${last}`, order) !== undefined) fits[order] += 1;
    if (sign !== "/") dotted += 1;
  }
  if (fits.ymd > fits.mdy && fits.ymd > fits.dmy) return "ymd";
  if (fits.mdy !== fits.dmy) return fits.mdy > fits.dmy ? "mdy" : "dmy";
  return dotted > 0 || language === "da" ? "dmy" : "mdy";
}

/** The decimal sign that the most numbers allow; what decides nothing is decided by the delimiter. */
export function decimalOf(cells: Iterable<string>, delimiter: Dialect["delimiter"]): Dialect["decimal"] {
  let lead = 0;
  for (const cell of cells) {
    if (!/[.,]/.test(cell)) continue;
    const [point, comma] = [numberOf(cell, "."), numberOf(cell, ",")];
    // "1,234" is a number both ways and says nothing.
    if (point !== undefined && comma === undefined) lead += 1;
    if (comma !== undefined && point === undefined) lead -= 1;
  }
  return lead === 0 ? (delimiter === "," ? "." : ",") : lead > 0 ? "." : ",";
}
