import { sql, type RawBuilder } from "kysely";
import { allowed, may, type Placed } from "#access/index.ts";
import { planned, Refusal, type Actor, type Db, type Verb } from "#core/index.ts";
import { columnOf, invalid } from "./columns.ts";
import { recordWords } from "./record.words.ts";
import { fieldsOf, type Field, type Module } from "./definition.ts";
import { chosenFields, columnsOf, recordOf, shown, type ShownRecord } from "./shown.store.ts";

/** A record locked for change, with its policy columns and its values as stored. */
export type StoredRecord = Placed & {
  id: string;
  version: number;
  deleted_at: string | null;
  /** The name of whom it belongs to. */
  belongs_to: string | null;
  [column: string]: unknown;
};

/** The record through the actor's own view; undefined when it is not there for him. */
export async function findVisible(
  db: Db,
  actor: Actor,
  module: Module,
  id: string,
  options: { lock?: boolean; bin?: boolean } = {},
): Promise<StoredRecord | undefined> {
  const { rows } =
    await sql<StoredRecord>`select r.*, (select u.full_name from access.users u where u.id = r.responsible_id) as belongs_to from ${sql.table(`public.${module.name}`)} r
    where r.id = ${id} and ${allowed(actor, module.name, "view", "r")}
    and ${sql.raw(options.bin === true ? "r.deleted_at is not null" : "r.deleted_at is null")} ${sql.raw(options.lock === true ? "for no key update" : "")}`.execute(
      planned(db),
    );
  return rows[0];
}

export async function showVisible(
  db: Db,
  actor: Actor,
  module: Module,
  id: string,
): Promise<ShownRecord | undefined> {
  const fields = chosenFields(module, undefined);
  const one = sql`select ${columnsOf(fields)} from ${sql.table(`public.${module.name}`)} r where r.id = ${id} and ${allowed(actor, module.name, "view", "r")}`;
  const { rows } = await shown(actor, fields, one).execute(planned(db));
  return rows[0] === undefined ? undefined : withRights(actor, module, fields, rows[0]);
}

/** With what the actor may do with it; from the bin it can only come back. */
function withRights(
  actor: Actor,
  module: Module,
  fields: readonly Field[],
  row: Record<string, unknown>,
): ShownRecord {
  const live = row["deleted_at"] === null;
  const mayDo = (verb: Verb) => may(actor, module.name, verb, row as unknown as Placed);
  return {
    ...recordOf(fields, row),
    may: {
      edit: live && mayDo("edit"),
      delete: live && mayDo("delete"),
      reassign: live && mayDo("reassign"),
      export: live && mayDo("export"),
      restore: !live && mayDo("delete") && actor.permissions.includes("bin"),
    },
  };
}

/** Several at once, by their ids; without those that are not there for the actor. */
export async function showSome(
  db: Db,
  actor: Actor,
  module: Module,
  ids: readonly string[],
): Promise<Map<string, ShownRecord>> {
  const fields = chosenFields(module, undefined);
  const some = sql`select ${columnsOf(fields)} from ${sql.table(`public.${module.name}`)} r where r.id = any(${ids}::uuid[]) and ${allowed(actor, module.name, "view", "r")}`;
  const { rows } = await shown(actor, fields, some).execute(planned(db));
  return new Map(rows.map((row) => [String(row["id"]), recordOf(fields, row)]));
}

/** Inserts and answers with the record as the actor sees it. */
export async function insertRecord(
  db: Db,
  actor: Actor,
  module: Module,
  values: Record<string, unknown>,
): Promise<ShownRecord> {
  const entries = Object.entries(values);
  const columns = sql.join(entries.map(([column]) => sql.ref(column)));
  const statement = sql`insert into ${sql.table(`public.${module.name}`)} as r (${columns}) values (${sql.join(entries.map(([, value]) => value))}) returning r.*`;
  return await changed(db, actor, module, statement);
}

export async function updateRecord(
  db: Db,
  actor: Actor,
  module: Module,
  id: string,
  values: Record<string, unknown>,
): Promise<ShownRecord> {
  const assignments = Object.entries(values).map(([column, value]) => sql`${sql.ref(column)} = ${value}`);
  return await changed(
    db,
    actor,
    module,
    sql`update ${sql.table(`public.${module.name}`)} r set ${sql.join(assignments)} where r.id = ${id} returning r.*`,
  );
}

async function changed(
  db: Db,
  actor: Actor,
  module: Module,
  statement: RawBuilder<unknown>,
): Promise<ShownRecord> {
  const fields = fieldsOf(module);
  const { rows } = await sql<
    Record<string, unknown>
  >`with r as (${statement}) ${shown(actor, fields, sql`select ${columnsOf(fields)} from r`)}`
    .execute(planned(db))
    .catch((error: unknown) => {
      throw aboveItself(actor, error) ?? error;
    });
  if (rows[0] === undefined) throw new Refusal("not_found");
  return withRights(actor, module, fields, rows[0]);
}

/** The database alone sees every parent, and looks while nobody else changes one. */
function aboveItself(actor: Actor, error: unknown): Refusal | undefined {
  const { code, column } = error as { code?: string; column?: string };
  if (code !== "SR003" || column === undefined) return undefined;
  return invalid(column, "own_ancestor", recordWords.ownAncestor[actor.language]);
}

/** The database asks once more who may, and removes what no action can reach: the words and the log's values. */
export async function eraseForGood(db: Db, module: Module, id: string): Promise<void> {
  // Every text of the log that names it is looked through.
  await sql`set local statement_timeout = '60s'`.execute(db);
  await sql`select public.erase_record(${module.name}, ${id}::uuid)`.execute(db);
}

/** The columns an input's fields are kept in; a territory of null is the database's 0. */
export function columnValues(module: Module, input: Record<string, unknown>): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of fieldsOf(module)) {
    const value = input[field.name];
    if (value !== undefined) values[columnOf(field)] = field.type === "territory" ? (value ?? 0) : value;
  }
  return values;
}

/** Which of these records the actor may reach; writing a relation needs sight of its target (surfaces, rule 3). */
export async function visibleAmong(
  db: Db,
  actor: Actor,
  module: string,
  ids: readonly string[],
  verb: Verb = "view",
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<{
    id: string;
    name: string;
  }>`select r.id, r.name from ${sql.table(`public.${module}`)} r
    where r.id = any(${ids}::uuid[]) and r.deleted_at is null and ${allowed(actor, module, verb, "r")}`.execute(
    planned(db),
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
