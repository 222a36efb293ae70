import { createHmac } from "node:crypto";
import { sql } from "kysely";
import type { ClientBase, QueryResultRow } from "pg";
import type { Db, Pool } from "./transaction.ts";

/**
 * Proves to a tenant's database that the program itself asks, and not whoever else has its login role: signing
 * in and the log are asked for nobody's session (decisions/0016).
 */
export type Door = (act: string, asked: string) => Buffer;

/** A tenant as far as his door. */
export type WithDoor = { readonly pool: () => Pool; readonly door: Door };

/** Reads, as the owner, the secret that only the owner may read; a database that has none yet makes one. */
export async function openDoor(owner: ClientBase): Promise<Door> {
  const { rows } = await owner.query<{ secret: Buffer }>("select access.door_secret() as secret");
  const secret = rows[0]?.secret ?? Buffer.alloc(0);
  return (act, asked) => createHmac("sha256", secret).update(`${act}\n${asked}`).digest();
}

/** Calls a function that serves the program alone, in a transaction of its own. */
export async function askAsProgram<Row extends QueryResultRow>(
  { pool, door }: WithDoor,
  act: string,
  asked: object,
): Promise<Row[]> {
  const { text, values } = doorStatement(door, act, asked);
  return (await pool().query<Row>(text, values)).rows;
}

/** The same within a request's transaction. */
export async function askWithin<Row>(db: Db, door: Door, act: string, asked: object): Promise<Row[]> {
  const text = storable(asked);
  const { rows } = await sql<Row>`select * from ${sql.table(act)}(${text}, ${door(act, text)})`.execute(db);
  return rows;
}

export function doorStatement(door: Door, act: string, asked: object): { text: string; values: unknown[] } {
  const text = storable(asked);
  return { text: `select * from ${act}($1, $2)`, values: [text, door(act, text)] };
}

/**
 * As JSON that the database takes whatever people sent: it has neither NUL nor half a pair, and one row that it does not
 * take would hold up all that are written with it.
 */
const storable = (asked: object): string =>
  JSON.stringify(asked).replace(/\\(?:u0000|ud[89a-f][\da-f]{2}|.)/g, (escape) =>
    escape.length > 2 ? "\\ufffd" : escape,
  );
