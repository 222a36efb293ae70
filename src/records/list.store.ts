import { sql, type RawBuilder } from "kysely";
import { allowed, lanes, type Lane } from "#access/index.ts";
import { planned, type Actor, type Db } from "#core/index.ts";
import { columnOf } from "./columns.ts";
import type { Cursor } from "./cursor.ts";
import type { Field, Module } from "./definition.ts";
import { columnsOf, recordOf, shown, type ShownRecord } from "./shown.store.ts";

export type ListQuestion = {
  readonly module: Module;
  readonly fields: readonly Field[];
  readonly filter: RawBuilder<boolean> | undefined;
  readonly sort: Field;
  readonly descending: boolean;
  readonly after: Cursor | undefined;
  readonly limit: number;
  readonly bin: boolean;
};

/** One page in order, `limit` rows at most; empty sort values come last, by id. */
export async function listVisible(db: Db, actor: Actor, asked: ListQuestion): Promise<ShownRecord[]> {
  const inTail = asked.after !== undefined && asked.after.value === null;
  const rows = inTail ? [] : await page(db, actor, asked, false);
  const mayBeEmpty = asked.sort.required !== true && asked.sort.name !== asked.module.titleField;
  if (rows.length === asked.limit || !mayBeEmpty) return rows;
  const rest = { ...asked, limit: asked.limit - rows.length, after: inTail ? asked.after : undefined };
  return [...rows, ...(await page(db, actor, rest, true))];
}

async function page(db: Db, actor: Actor, asked: ListQuestion, tail: boolean): Promise<ShownRecord[]> {
  const ways =
    asked.sort.name === asked.module.titleField && !asked.bin ? lanes(actor, asked.module.name, "r") : [];
  const share = shareOf(ways, asked.limit, isOfIndexAlone(asked, ways) ? 12 : 3);
  const rows = await read(db, actor, asked, tail, ways, share);
  const complete = share >= asked.limit || !someLaneIsUsedUp(rows, ways, share);
  const all = complete ? rows : await read(db, actor, asked, tail, ways, asked.limit);
  return all.map((row) => recordOf(asked.fields, row));
}

/**
 * What decides which rows are on the page stands in the index of the lanes. Not so with lanes of two columns: those of
 * the second must look whether the first has the row already.
 */
const isOfIndexAlone = ({ filter }: ListQuestion, ways: readonly Lane[]): boolean =>
  ways.length === 1 && filter === undefined;

/**
 * How many rows to take of each of many lanes: some times what is each one's part of the page, in few sizes so that
 * few statements differ. With a filter, every row looked for in vain costs a dozen that were read. A lane of which
 * that was too few has the page read twice, which many rows of an index are cheaper than.
 */
function shareOf(ways: readonly Lane[], limit: number, times: number): number {
  const count = ways.reduce((sum, lane) => sum + lane.values.length, 0);
  return Math.min(limit, Math.max(8, 2 ** Math.ceil(Math.log2((times * limit) / Math.max(1, count)))));
}

/** A lane of which every row taken is on the page may have more that belong there. */
function someLaneIsUsedUp(rows: readonly Row[], ways: readonly Lane[], share: number): boolean {
  const taken = new Map<string, number>();
  for (const row of rows) {
    // A row comes out of the first lane it fits.
    const lane = ways.find(({ column, values }) => values.includes(row[column] as number));
    const key = `${lane?.column} ${String(row[lane?.column ?? ""])}`;
    taken.set(key, (taken.get(key) ?? 0) + 1);
  }
  return Math.max(0, ...taken.values()) >= share;
}

type Row = Record<string, unknown>;

async function read(
  db: Db,
  actor: Actor,
  asked: ListQuestion,
  tail: boolean,
  ways: readonly Lane[],
  share: number,
): Promise<Row[]> {
  const order = orderOf(asked, tail);
  const statement = shown(
    actor,
    asked.fields,
    pageOf(actor, asked, tail, ways, share),
    sql`order by ${order("page")}`,
  );
  // Without lanes a filter is planned for its own values: how many rows they keep decides how to look.
  const fixed = asked.filter === undefined || ways.length > 0;
  const { rows } = await statement.execute(fixed ? planned(db) : db);
  return rows;
}

/** The page's rows. Where the index alone can tell which they are, only they are fetched from the table. */
function pageOf(
  actor: Actor,
  asked: ListQuestion,
  tail: boolean,
  ways: readonly Lane[],
  share: number,
): RawBuilder<unknown> {
  const columns = columnsOf([...asked.fields, asked.sort]);
  const cut = (from: RawBuilder<unknown>) =>
    sql`${from} order by ${orderOf(asked, tail)("r")} limit ${sql.lit(asked.limit)}`;
  if (!isOfIndexAlone(asked, ways)) return cut(merged(actor, asked, tail, ways, share, columns));
  const found = cut(merged(actor, asked, tail, ways, share, columnsOf([asked.sort], [])));
  return sql`select ${columns} from (${found}) found join ${sql.table(`public.${asked.module.name}`)} r on r.id = found.id`;
}

/**
 * The rows of one list. Who is limited reads a merge of ordered index scans, one per territory or person
 * (measured in design.md: 885 ms → 7 ms); who is free reads one. Only lists by name have indexes for the merge.
 */
function merged(
  actor: Actor,
  asked: ListQuestion,
  tail: boolean,
  ways: readonly Lane[],
  share: number,
  columns: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const table = sql.table(`public.${asked.module.name}`);
  const where = sql`${sql.raw(asked.bin ? "r.deleted_at is not null" : "r.deleted_at is null")} and ${asked.filter ?? sql`true`} and ${position(asked, tail)}`;
  if (ways.length === 0)
    return sql`select ${columns} from ${table} r where ${allowed(actor, asked.module.name, "view", "r")} and ${where}`;
  const order = orderOf(asked, tail)("r");
  const scans = ways.map(
    (lane) => sql`select one.* from unnest(${lane.values}::integer[]) lane(value) cross join lateral (
      select ${columns} from ${table} r where ${sql.ref(`r.${lane.column}`)} = lane.value and ${lane.condition} and ${where}
      order by ${order} limit ${sql.lit(share)}) one`,
  );
  return sql`select r.* from (${sql.join(scans, sql` union all `)}) r`;
}

function orderOf(asked: ListQuestion, tail: boolean) {
  const direction = sql.raw(asked.descending ? "desc" : "asc");
  return (alias: string) =>
    tail
      ? sql`${sql.ref(`${alias}.id`)} ${direction}`
      : sql`${sql.ref(`${alias}.${columnOf(asked.sort)}`)} ${direction}, ${sql.ref(`${alias}.id`)} ${direction}`;
}

function position({ sort, descending, after }: ListQuestion, tail: boolean): RawBuilder<boolean> {
  const column = sql.ref(`r.${columnOf(sort)}`);
  const beyond = sql.raw(descending ? "<" : ">");
  if (tail)
    return after === undefined
      ? sql<boolean>`${column} is null`
      : sql<boolean>`${column} is null and r.id ${beyond} ${after.id}`;
  if (after === undefined) return sql<boolean>`${column} is not null`;
  return sql<boolean>`(${column}, r.id) ${beyond} (${after.value}, ${after.id}::uuid)`;
}
