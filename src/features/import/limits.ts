/** What one file may be; more is refused before anything is kept of it. */
export const limits = {
  bytesMax: 50 * 1024 * 1024,
  rowsMax: 1_000_000,
  /** More columns than any spreadsheet a person fills in by hand. */
  columnsMax: 200,
  columnNameMax: 200,
  /** Characters in one cell: what the common spreadsheet programs hold. */
  cellMax: 32_767,
  /** Bytes in one row, so that a quotation mark that never closes cannot swallow the file. */
  rowBytesMax: 1024 * 1024,
  /** Files a user may keep without importing them; older ones go when new ones come. */
  waitingMax: 10,
} as const;

/** Bytes of a stored part of a file. */
export const partBytes = 1024 * 1024;

/** Rows prepared and inserted together: few enough that other requests are answered between two batches. */
export const batchRows = 500;
/** … and no more than this of their text, so that long rows come fewer at a time. */
export const batchCharacters = 1024 * 1024;

/** A file of more rows becomes searchable a little after it is done. */
export const rowsSearchableAtOnce = 20_000;

/** Records that get their words in one transaction, well below the time a statement may take. */
export const wordsBatchRecords = 1000;

/** Between two words about how far a job is; each is a commit of its own. */
export const progressMilliseconds = 250;
