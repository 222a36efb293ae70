import { escapeIdentifier, type ClientBase } from "pg";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { ownerRole } from "#platform/tenancy/index.ts";
import { giveLimits, readLimits, type Limits } from "./carry-limits.store.ts";
import { carryUsers, type CarriedUsers, type UserThere } from "./carry-users.ts";

/** What of today a database of another time was given before anybody gets to it; users by number. */
export type CarriedOver = { erased: number; users: CarriedUsers; limited: number[] };

/** Who may do what in a tenant's database, and what of it is erased for good. */
export type Today = { erasures: Erasure[]; users: UserThere[]; limits: Limits };

/** Gives `to` the erasures, blocks, rights and limits of `from`. */
export const carryOver = async (from: ServerConnection, to: ServerConnection): Promise<CarriedOver> =>
  giveToday(await readToday(from), to);

export async function readToday(from: ServerConnection): Promise<Today> {
  return withClient(from, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    const today = {
      erasures: await readErasures(client),
      users: await readUsers(client),
      limits: await readLimits(client),
    };
    await client.query("COMMIT");
    return today;
  });
}

/** Erases what was erased, and lets in only who may sign in, with no wider a view and no more rights than he has. */
export async function giveToday(
  { erasures, users: now, limits }: Today,
  to: ServerConnection,
): Promise<CarriedOver> {
  return withClient(to, async (client) => {
    await client.query(`SET statement_timeout = 0; SET ROLE ${ownerRole}; BEGIN READ WRITE`);
    const erased = await eraseAgain(client, erasures);
    const limited = await giveLimits(client, limits);
    const { users, carried } = carryUsers(now, await readUsers(client));
    await writeUsers(client, users);
    await client.query("COMMIT");
    return { erased, users: carried, limited };
  });
}

/** Erases these alone. */
export async function eraseIn(to: ServerConnection, erasures: readonly Erasure[]): Promise<number> {
  return withClient(to, async (client) => {
    await client.query(`SET statement_timeout = 0; SET ROLE ${ownerRole}; BEGIN READ WRITE`);
    const erased = await eraseAgain(client, erasures);
    await client.query("COMMIT");
    return erased;
  });
}

/** The number of those of which there was something left. */
async function eraseAgain(client: ClientBase, erasures: readonly Erasure[]): Promise<number> {
  let erased = 0;
  for (const { module, record, at, by } of erasures) {
    const { rows } = await client.query<{ there: boolean }>(
      "SELECT public.erase_again($1, $2, $3, $4) AS there",
      [module, record, at, by],
    );
    if (rows[0]?.there) erased += 1;
  }
  return erased;
}

export type Erasure = { module: string; record: string; at: string; by: number | null };

// Organisations last: what hangs on them goes first.
export async function readErasures(client: ClientBase): Promise<Erasure[]> {
  if (!(await hasErasures(client))) return [];
  const { rows } = await client.query<Erasure>(
    `SELECT module, record_id AS record, erased_at::text AS at, erased_by AS by FROM public.erasure
     ORDER BY module = 'organisation', erased_at, record_id`,
  );
  return rows;
}

/** A database whose migration failed stands at an older version; nothing was erased in it. */
async function hasErasures(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ has: boolean }>(
    "SELECT to_regclass('public.erasure') IS NOT NULL AS has",
  );
  return rows[0]?.has === true;
}

/** The records that were erased, for who compares what may differ because of it. */
export async function erasedRecords(database: ServerConnection): Promise<string[]> {
  return withClient(database, async (client) => (await readErasures(client)).map(({ record }) => record));
}

// Who somebody is stays as it was then; whether and how he may sign in is of today, whatever columns say so.
const ofThen = ["id", "name", "full_name", "email", "home_territory", "language", "created_at", "version"];

async function readUsers(client: ClientBase): Promise<UserThere[]> {
  const { rows } = await client.query<UserThere>(
    `SELECT id, created_at::text AS "createdAt", level, active, blocked_at::text AS "blockedAt",
       to_jsonb(u) - $1::text[] AS "signIn" FROM access.users u ORDER BY id`,
    [ofThen],
  );
  return rows;
}

// One statement: the rule that somebody holds all rights is asked when it ends.
async function writeUsers(client: ClientBase, users: UserThere[]): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'access.users'::regclass AND attnum > 0
       AND NOT attisdropped AND attgenerated = '' AND attname <> ALL ($1)`,
    [ofThen],
  );
  const columns = rows.map(({ name }) => escapeIdentifier(name));
  await client.query(
    `UPDATE access.users u SET ${columns.map((name) => `${name} = p.${name}`).join(", ")}
     FROM json_to_recordset($1) n (id integer, "signIn" jsonb), LATERAL jsonb_populate_record(NULL::access.users, n."signIn") p
     WHERE n.id = u.id AND EXISTS (SELECT FROM access.level l WHERE l.number = p.level)`,
    [
      JSON.stringify(
        users.map(({ id, level, active, signIn }) => ({ id, signIn: { ...signIn, level, active } })),
      ),
    ],
  );
}
