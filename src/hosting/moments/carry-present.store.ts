import type { ClientBase } from "pg";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { lockNumber } from "#platform/tenancy/index.ts";
import { readErasures } from "../restore/carry-over.store.ts";
import { carryMoves } from "./carry-moves.store.ts";
import { setApart } from "./set-apart.store.ts";

/** What decides who may see what, in the order of its references, and the columns people chose for their lists. */
const tables = [
  "access.setting",
  "access.level",
  "access.territory",
  "access.groups",
  "access.users",
  "access.user_territory",
  "access.user_group",
  "access.reach",
  "access.session",
  "public.saved_view",
] as const;

type Rows = { id?: number; name?: string }[];
type Today = Record<(typeof tables)[number], Rows>;

/**
 * Makes rights, sessions and erasures of a moment's database those of the present, and tells it what moved since.
 * What belonged to users or places
 * that are no more keeps them, closed; what bears the number of another one today is set apart first. Foreign keys and
 * triggers rest meanwhile: what they derive is carried with the rest.
 */
export async function carryPresent(
  from: ServerConnection,
  to: ServerConnection,
  { sameLine }: { sameLine: boolean },
): Promise<void> {
  await withClient(to, async (client) => {
    await client.query("SET statement_timeout = 0; SET session_replication_role = replica; BEGIN READ WRITE");
    // Two that carry at once would write what the slower one read earlier.
    await client.query("SELECT pg_advisory_xact_lock($1)", [lockNumber("carry the present")]);
    await withClient(from, async (present) => {
      await present.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      await carry(present, client, sameLine);
      await present.query("COMMIT");
    });
    await client.query("COMMIT");
  });
}

async function carry(present: ClientBase, client: ClientBase, sameLine: boolean): Promise<void> {
  const { today, erasures } = await readPresent(present);
  await setApart(client, {
    users: today["access.users"],
    territories: today["access.territory"],
    sameLine,
  });
  await keepThose(client, today);
  for (const table of tables) await replace(client, table, today[table]);
  await client.query("DELETE FROM public.idempotency");
  const erased = new Set((await readErasures(client)).map(({ record }) => record));
  for (const { module, record, at, by } of erasures.filter((each) => !erased.has(each.record)))
    await client.query("SELECT public.erase_again($1, $2, $3, $4)", [module, record, at, by]);
  await carryMoves(present, client);
}

async function readPresent(client: ClientBase) {
  const today = {} as Today;
  for (const table of tables) {
    const only = table === "access.session" ? "WHERE ended_at IS NULL AND now() < ends_at" : "";
    const { rows } = await client.query<{ all: Rows }>(
      `SELECT coalesce(json_agg(t), '[]') AS all FROM (SELECT * FROM ${table} ${only}) t`,
    );
    today[table] = rows[0]?.all ?? [];
  }
  const erasures = await readErasures(client);
  // Nobody signs in here, so no password need be here.
  today["access.users"] = today["access.users"].map((user) => ({ ...user, password_hash: null }));
  return { today, erasures };
}

/** Users and places of then that the present does not know; their names may be others' by now. */
async function keepThose(client: ClientBase, today: Today): Promise<void> {
  const idsOf = (rows: Rows) => rows.map(({ id }) => id);
  await client.query(
    `UPDATE access.users SET active = false, password_hash = NULL, name = '#' || id WHERE id <> ALL ($1)`,
    [idsOf(today["access.users"])],
  );
  await client.query(
    `UPDATE access.territory SET name = name || ' #' || id WHERE id <> ALL ($1) AND name = ANY ($2)`,
    [idsOf(today["access.territory"]), today["access.territory"].map(({ name }) => name)],
  );
}

async function replace(client: ClientBase, table: keyof Today, rows: Rows): Promise<void> {
  const kept = table === "access.users" || table === "access.territory";
  await client.query(
    `DELETE FROM ${table} ${kept ? "WHERE id = ANY ($1)" : ""}`,
    kept ? [rows.map(({ id }) => id)] : [],
  );
  await client.query(`INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1)`, [
    JSON.stringify(rows),
  ]);
}
