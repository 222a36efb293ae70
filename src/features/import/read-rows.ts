import { setImmediate as nextTurn } from "node:timers/promises";
import { CsvError, parse, type Parser } from "csv-parse";
import type { Language } from "#core/index.ts";
import type { Dialect } from "./dialect.ts";
import { batchCharacters, batchRows, limits } from "./limits.ts";
import { refuseFile } from "./refuse-file.ts";

/** One row as a spreadsheet numbers it: the column names are row 1. */
export type FileRow = { readonly row: number; readonly cells: readonly string[] };

/** Bytes given to the parser at once, so that other requests are answered in between. */
const pieceBytes = 64 * 1024;

/**
 * The rows of a file in batches of a measure, the first row (column names) among them. Empty rows are counted and left out.
 * Throws a Refusal naming the row at the first one that is not as wide as the first, or cannot be read.
 */
export async function* readRows(
  parts: AsyncIterable<Buffer> | Iterable<Buffer>,
  dialect: Dialect,
  language: Language,
): AsyncGenerator<FileRow[]> {
  const failure: { error?: Error } = {};
  const parser = parse({
    delimiter: dialect.delimiter,
    relax_quotes: true,
    relax_column_count: true,
    max_record_size: limits.rowBytesMax,
  });
  parser.on("error", (error) => (failure.error = error));
  const state: State = { row: 0, names: [], batch: [], characters: 0, language };

  for await (const text of texts(parts, dialect, language)) {
    parser.write(text);
    yield* full(parser, state);
    // A parser tells what is wrong on its next turn.
    await nextTurn();
    if (failure.error !== undefined) throw unreadable(failure.error, state);
  }
  parser.end();
  await nextTurn();
  yield* full(parser, state);
  await nextTurn();
  if (failure.error !== undefined) throw unreadable(failure.error, state);
  if (state.batch.length > 0) yield state.batch;
}

type State = {
  row: number;
  /** The first row. */
  names: readonly string[];
  batch: FileRow[];
  characters: number;
  language: Language;
};

function* full(parser: Parser, state: State): Generator<FileRow[]> {
  for (
    let cells = parser.read() as string[] | null;
    cells !== null;
    cells = parser.read() as string[] | null
  ) {
    state.row += 1;
    if (cells.every((cell) => cell === "" || cell.trim() === "")) continue;
    checkShape(cells, state);
    state.batch.push({ row: state.row, cells });
    state.characters += cells.reduce((sum, cell) => sum + cell.length, 0);
    if (state.batch.length < batchRows && state.characters < batchCharacters) continue;
    yield state.batch;
    state.batch = [];
    state.characters = 0;
  }
}

function checkShape(cells: readonly string[], state: State): void {
  const { row, language } = state;
  if (cells.length > limits.columnsMax)
    throw refuseFile(language, "too_many_columns", { row, limit: limits.columnsMax });
  if (state.names.length === 0) state.names = cells.map((cell) => cell.slice(0, limits.columnNameMax));
  if (cells.length !== state.names.length)
    throw refuseFile(language, "ragged", { row, count: cells.length, expected: state.names.length });
  const long = cells.findIndex((cell) => cell.length > limits.cellMax);
  if (long !== -1) {
    const column = state.names[long]?.slice(0, 60) || String(long + 1);
    throw refuseFile(language, "cell_too_long", { row, column, limit: limits.cellMax });
  }
  if (row > limits.rowsMax + 1) throw refuseFile(language, "too_many_rows", { limit: limits.rowsMax });
}

async function* texts(
  parts: AsyncIterable<Buffer> | Iterable<Buffer>,
  dialect: Dialect,
  language: Language,
): AsyncGenerator<string> {
  const decoder = new TextDecoder(dialect.encoding, { fatal: dialect.encoding === "utf-8" });
  try {
    for await (const part of parts)
      for (let at = 0; at < part.length; at += pieceBytes)
        yield decoder.decode(part.subarray(at, at + pieceBytes), { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof TypeError) throw refuseFile(language, "bad_encoding");
    throw error;
  }
}

function unreadable(error: Error, { row, language }: State): Error {
  if (!(error instanceof CsvError)) return error;
  if (error.code === "CSV_MAX_RECORD_SIZE")
    return refuseFile(language, row === 0 ? "too_many_columns" : "row_too_long", {
      row: row + 1,
      limit: row === 0 ? limits.columnsMax : limits.rowBytesMax,
    });
  return refuseFile(language, "broken", { row: row + 1 });
}
