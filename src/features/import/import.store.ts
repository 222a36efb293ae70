import { sql } from "kysely";
import { askAsProgram, type Db, type TenantConnection } from "#core/index.ts";
import type { Dialect } from "./dialect.ts";
import type { Column } from "./examine-file.ts";
import { limits, partBytes } from "./limits.ts";
import type { Mapping } from "./suggest-mapping.ts";

export type Corrections = { readonly [field: string]: { readonly [text: string]: string } };
export type State = "mapping" | "waiting" | "running" | "done" | "failed" | "undoing" | "undone";

/** An import as it is kept. */
export type StoredImport = {
  id: string;
  module: string;
  fileName: string;
  state: State;
  dialect: Dialect;
  columns: Column[];
  mapping: Mapping;
  corrections: Corrections;
  rows: number;
  done: number;
  created: number;
  refused: number;
  usersCreated: number[];
  error: string | null;
  createdAt: string;
};

const columns = sql`i.id, i.module, i.file_name as "fileName", i.state, i.dialect, i.columns, i.mapping, i.corrections, i.rows, i.done, i.created, i.refused,
  i.users_created as "usersCreated", i.error, i.created_at as "createdAt"`;

/** Row security shows everybody his own imports only. */
export async function findImport(db: Db, id: string, lock = false): Promise<StoredImport | undefined> {
  const { rows } =
    await sql<StoredImport>`select ${columns} from public.import i where i.id = ${id} ${sql.raw(lock ? "for update" : "")}`.execute(
      db,
    );
  return rows[0];
}

export async function listImports(db: Db): Promise<StoredImport[]> {
  const { rows } =
    await sql<StoredImport>`select ${columns} from public.import i order by i.created_at desc, i.id limit 50`.execute(
      db,
    );
  return rows;
}

type NewImport = Pick<
  StoredImport,
  "id" | "module" | "fileName" | "dialect" | "columns" | "mapping" | "corrections" | "rows"
>;

export async function insertImport(db: Db, userId: number, one: NewImport, file: Buffer): Promise<void> {
  await sql`insert into public.import (id, user_id, module, file_name, dialect, columns, mapping, corrections, rows)
    values (${one.id}, ${userId}, ${one.module}, ${one.fileName}, ${JSON.stringify(one.dialect)}, ${JSON.stringify(one.columns)},
      ${JSON.stringify(one.mapping)}, ${JSON.stringify(one.corrections)}, ${one.rows})`.execute(db);
  for (let at = 0, part = 0; at < file.length; at += partBytes, part += 1)
    await sql`insert into public.import_file values (${one.id}, ${part}, ${file.subarray(at, at + partBytes)})`.execute(
      db,
    );
  await sql`select public.forget_imports(${limits.waitingMax})`.execute(db);
}

export async function updateImport(
  db: Db,
  id: string,
  changes: Partial<Pick<StoredImport, "dialect" | "columns" | "mapping" | "corrections" | "rows">>,
): Promise<void> {
  const values = Object.entries(changes).map(
    ([column, value]) =>
      sql`${sql.ref(column)} = ${typeof value === "number" ? value : JSON.stringify(value)}`,
  );
  await sql`update public.import set ${sql.join(values)} where id = ${id}`.execute(db);
}

/** The file's bytes, a mebibyte at a time. */
export async function* fileParts(db: Db, id: string): AsyncGenerator<Buffer> {
  for (let part = 0; ; part += 1) {
    const { rows } = await sql<{
      content: Buffer;
    }>`select content from public.import_file where import_id = ${id} and part = ${part}`.execute(db);
    if (rows[0] === undefined) return;
    yield rows[0].content;
  }
}

export async function fileHead(db: Db, id: string, bytes: number): Promise<Buffer | undefined> {
  const { rows } = await sql<{
    head: Buffer;
  }>`select substr(content, 1, ${bytes}) as head from public.import_file where import_id = ${id} and part = 0`.execute(
    db,
  );
  return rows[0]?.head;
}

export async function setWaiting(db: Db, id: string, state: "waiting" | "undoing"): Promise<void> {
  await sql`update public.import set state = ${state}, error = null where id = ${id}`.execute(db);
}

/** Ends the job's one transaction; the file is records now and goes. */
export async function finishImport(
  db: Db,
  id: string,
  result: {
    rows: number;
    created: number;
    refused: number;
    usersCreated: readonly number[];
    wordsLater: boolean;
  },
): Promise<void> {
  await sql`update public.import set state = 'done', done = ${result.rows}, created = ${result.created}, refused = ${result.refused},
    users_created = ${result.usersCreated}::integer[], error = null,
    words_from = ${result.wordsLater ? "00000000-0000-0000-0000-000000000000" : null} where id = ${id}`.execute(
    db,
  );
  await sql`select public.drop_import_file(${id})`.execute(db);
}

export async function finishUndo(db: Db, id: string): Promise<void> {
  await sql`update public.import set state = 'undone', error = null where id = ${id}`.execute(db);
}

export async function addReport(db: Db, id: string, lines: string): Promise<void> {
  if (lines !== "")
    await sql`insert into public.import_report (import_id, lines) values (${id}, ${lines})`.execute(db);
}

/** Part by part, as they were written. */
export async function* readReport(db: Db, id: string): AsyncGenerator<string> {
  for (let after = 0; ;) {
    const { rows } = await sql<{ part: number; lines: string }>`select part, lines from public.import_report
      where import_id = ${id} and part > ${after} order by part limit 1`.execute(db);
    const [next] = rows;
    if (next === undefined) return;
    yield next.lines;
    after = next.part;
  }
}

export type Memory = { mapping: Mapping; corrections: Corrections };

export async function recall(db: Db, module: string): Promise<Memory> {
  const { rows } =
    await sql<Memory>`select mapping, corrections from public.import_memory where module = ${module}`.execute(
      db,
    );
  return rows[0] ?? { mapping: {}, corrections: {} };
}

/** Keeps the latest of what was said; a memory that has grown beyond all use starts afresh. */
export async function remember(db: Db, userId: number, module: string, memory: Memory): Promise<void> {
  const text = { mapping: JSON.stringify(memory.mapping), corrections: JSON.stringify(memory.corrections) };
  if (text.mapping.length + text.corrections.length > 200_000) return;
  await sql`insert into public.import_memory (user_id, module, mapping, corrections) values (${userId}, ${module}, ${text.mapping}, ${text.corrections})
    on conflict (user_id, module) do update set mapping = excluded.mapping, corrections = excluded.corrections`.execute(
    db,
  );
}

/** The three below stand outside the job's transaction, which is still open or was rolled back. */
export async function noteStarted(tenant: TenantConnection, id: string): Promise<void> {
  await askAsProgram(tenant, "public.import_started", { id });
}

export async function noteProgress(
  tenant: TenantConnection,
  id: string,
  done: number,
  refused: number,
): Promise<void> {
  await askAsProgram(tenant, "public.import_progress", { id, done, refused });
}

export async function noteStopped(tenant: TenantConnection, id: string, reason: string): Promise<void> {
  await askAsProgram(tenant, "public.import_stopped", { id, reason });
}

/** Leaves the words of this transaction's new records for later. */
export async function leaveWordsForLater(db: Db): Promise<void> {
  await sql`select set_config('strongroom.words_later', 'yes', true)`.execute(db);
}

/** Adds the words of some more of an import's records; false when none are owed. Each call is a transaction. */
export async function addWords(tenant: TenantConnection, id: string, records: number): Promise<boolean> {
  const [added] = await askAsProgram<{ add_words_of_import: boolean }>(tenant, "public.add_words_of_import", {
    id,
    records,
  });
  return added?.add_words_of_import === true;
}
