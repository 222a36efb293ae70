/** A cell that begins like this would run as a formula in a spreadsheet; a phone number does not (surfaces, rule 9). */
const formula = /^[=@\t\r]|^[+-](?![\d\s().-]*$)/;

/** One CSV line by RFC 4180; every cell is data. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "number" ? String(value) : textOf(value);
  const safe = typeof value !== "number" && formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const textOf = (value: unknown): string =>
  typeof value === "object" && value !== null && "name" in value ? String(value.name) : String(value);
