import type { ClientBase } from "pg";
import { withClient, type ServerConnection } from "#platform/postgres/index.ts";
import { ownerRole } from "#platform/tenancy/index.ts";
import { carryUsers, type CarriedUsers, type UserThere } from "./carry-users.ts";

/** What of today a database of another time was given before anybody gets to it. */
export type CarriedOver = { erased: number; users: CarriedUsers };

/** Erases in `to` what was erased in `from`, and lets in there only who may sign in today. */
export async function carryOver(from: ServerConnection, to: ServerConnection): Promise<CarriedOver> {
  const [erasures, today] = await withClient(from, async (client) => [
    await readErasures(client),
    await readUsers(client),
  ]);
  return withClient(to, async (client) => {
    await client.query(`SET statement_timeout = 0; SET ROLE ${ownerRole}; BEGIN`);
    let erased = 0;
    for (const { module, record, at, by } of erasures) {
      const { rows } = await client.query<{ there: boolean }>(
        "SELECT public.erase_again($1, $2, $3, $4) AS there",
        [module, record, at, by],
      );
      if (rows[0]?.there) erased += 1;
    }
    const { users, carried } = carryUsers(today, await readUsers(client));
    await writeUsers(client, users);
    await client.query("COMMIT");
    return { erased, users: carried };
  });
}

type Erasure = { module: string; record: string; at: string; by: number | null };

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

async function readUsers(client: ClientBase): Promise<UserThere[]> {
  const { rows } = await client.query<UserThere>(
    `SELECT id, created_at::text AS "createdAt", level, active, blocked_at::text AS "blockedAt", failures,
       password_hash AS "passwordHash", password_set_at::text AS "passwordSetAt" FROM access.users ORDER BY id`,
  );
  return rows;
}

// One statement: the rule that somebody holds all rights is asked when it ends.
async function writeUsers(client: ClientBase, users: UserThere[]): Promise<void> {
  await client.query(
    `UPDATE access.users u SET level = n.level, active = n.active, blocked_at = n."blockedAt", failures = n.failures,
       password_hash = n."passwordHash", password_set_at = n."passwordSetAt"
     FROM json_to_recordset($1) n (id integer, level integer, active boolean, "blockedAt" timestamptz, failures integer,
       "passwordHash" text, "passwordSetAt" timestamptz)
     WHERE n.id = u.id AND EXISTS (SELECT FROM access.level l WHERE l.number = n.level)`,
    [JSON.stringify(users)],
  );
}
