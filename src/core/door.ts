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
  const text = JSON.stringify(asked);
  const { rows } = await sql<Row>`select * from ${sql.table(act)}(${text}, ${door(act, text)})`.execute(db);
  return rows;
}

export function doorStatement(door: Door, act: string, asked: object): { text: string; values: unknown[] } {
  const text = JSON.stringify(asked);
  return { text: `select * from ${act}($1, $2)`, values: [text, door(act, text)] };
}
