import { firstRows } from "./dialect.ts";
import { fileHead, type StoredImport } from "./import.store.ts";
import type { Import } from "./import-shape.ts";
import type { Asker } from "./plan.ts";
import type { FileRow } from "./read-rows.ts";
import { tryRows } from "./taking.ts";
import type { Target } from "./targets.ts";

const previewRows = 10;
const headBytes = 64 * 1024;

/** An import as its owner sees it; the preview only while he can still say how the file is to be read. */
export async function importOf(
  asker: Asker,
  target: Target,
  one: StoredImport,
  options: { preview: boolean },
): Promise<Import> {
  const { usersCreated: _, error, ...rest } = one;
  const open = one.state === "mapping" || one.state === "failed";
  return {
    ...rest,
    // The database keeps no order of keys.
    mapping: Object.fromEntries(one.columns.map(({ name }) => [name, one.mapping[name] ?? null])),
    by: { id: asker.actor.userId, name: asker.actor.fullName },
    preview: options.preview && open ? await previewOf(asker, target, one) : [],
    ...(error === null ? {} : { error }),
  };
}

async function previewOf(asker: Asker, target: Target, one: StoredImport): Promise<Import["preview"]> {
  const head = await fileHead(asker.db, one.id, headBytes);
  if (head === undefined) return [];
  const rows = wholeRows(head, one);
  const { refused } = await tryRows({ ...asker, target, one }, rows);
  const problems = new Map(refused.map((each) => [each.row.row, each.problems]));
  return rows.map(({ row, cells }) => ({
    row,
    values: Object.fromEntries(
      one.columns.flatMap(({ name }, index) =>
        typeof one.mapping[name] === "string"
          ? [[one.mapping[name], (cells[index] ?? "").slice(0, 200)]]
          : [],
      ),
    ),
    problems: (problems.get(row) ?? []).map(({ field, code, message }) => ({ field, code, message })),
  }));
}

/** The first rows below the column names; a head that ends within a row loses that row. */
function wholeRows(head: Buffer, one: StoredImport): FileRow[] {
  const text = new TextDecoder(one.dialect.encoding).decode(head);
  const found = firstRows(text, one.dialect.delimiter, previewRows + 1);
  return found
    .map((cells, index) => ({ row: index + 1, cells }))
    .slice(1)
    .filter(({ cells }) => cells.length === one.columns.length);
}
