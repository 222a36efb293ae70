/** Rows as columns of text; the last column takes what width it needs. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ");
  return all.map(line).join("\n");
}

export const told = (observed: Readonly<Record<string, unknown>>): string =>
  Object.entries(observed)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
