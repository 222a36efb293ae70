import type { Language } from "#core/index.ts";

/** How a spreadsheet in that language expects a file: what stands between cells, and before decimals. */
const writings = { en: { delimiter: ",", decimal: "." }, da: { delimiter: ";", decimal: "," } } as const;

/** Spreadsheets take a file that begins so for UTF-8, and any other for what their own system writes. */
export const byteOrderMark = "\uFEFF";

/**
 * What would run as a formula: a sign at the beginning of a cell, also a full-width one that some spreadsheets take for
 * it, or after anything that another spreadsheet may take for the end of a cell. A phone number is none (surfaces, rule 9).
 */
const formula =
  /(^|[;\t\r\n]["' \v\f\u00A0]*|,)(?=[=@\uFF1D\uFF20]|[+\-\uFF0B\uFF0D](?![\d ().-]*(?:$|[;\t\r\n,"])))/g;
const leading = /^[\t\r]/;
const quotedIn = { ",": /[",\r\n]|^\s|\s$/, ";": /[";\r\n]|^\s|\s$/ } as const;

/** One CSV line by RFC 4180; every cell is data. */
export function csvLine(cells: readonly unknown[], language: Language = "en"): string {
  const { delimiter, decimal } = writings[language];
  return `${cells.map((value) => cell(value, decimal, quotedIn[delimiter])).join(delimiter)}\r\n`;
}

function cell(value: unknown, decimal: string, quoted: RegExp): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value).replace(".", decimal);
  const text = textOf(value);
  const safe = `${leading.test(text) ? "'" : ""}${text.replace(formula, "$1'")}`;
  const isDivided = safe !== text && /[;\t,]/.test(text);
  return isDivided || quoted.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null && "name" in value ? String(value.name) : String(value);
