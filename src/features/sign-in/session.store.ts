import { sql } from "kysely";
import { askWithin, type Call, type Db, type Door, type Language } from "#core/index.ts";

type Named = { id: number; name: string };

/** The user's territories (none listed: not limited) and groups, and the tenant's currency. */
export async function namesOf(
  db: Db,
  userId: number,
): Promise<{ territories: Named[]; groups: Named[]; currency: string }> {
  const { rows } = await sql<{ territories: Named[]; groups: Named[]; currency: string }>`select
    coalesce((select jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name) from access.user_territory ut
      join access.territory t on t.id = ut.territory_id where ut.user_id = ${userId}), '[]') as territories,
    coalesce((select jsonb_agg(jsonb_build_object('id', g.id, 'name', g.name) order by g.name) from access.user_group ug
      join access.groups g on g.id = ug.group_id where ug.user_id = ${userId}), '[]') as groups,
    (select value #>> '{}' from access.setting where key = 'currency') as currency`.execute(db);
  return rows[0] ?? { territories: [], groups: [], currency: "USD" };
}

export type Session = {
  id: string;
  current: boolean;
  createdAt: string;
  lastSeenAt: string;
  ip: string | null;
  userAgent: string | null;
};

export async function ownSessions(db: Db, current: string): Promise<Session[]> {
  const { rows } =
    await sql<Session>`select id, id = ${current} as current, created_at as "createdAt", last_seen_at as "lastSeenAt",
      host(ip) as ip, user_agent as "userAgent" from access.session
    where ended_at is null and ends_at > now() and idle_until > now() and kind = 'browser' order by last_seen_at desc`.execute(
      db,
    );
  return rows;
}

/** Ends sessions of a user, all when `which` is null; the database refuses who may not. Answers how many. */
export async function endSessions(db: Db, whose: number, which: string | null): Promise<number> {
  const { rows } = await sql<{
    ended: number;
  }>`select access.end_sessions(${whose}, ${which}) as ended`.execute(db);
  return rows[0]?.ended ?? 0;
}

/** What seals the drafts that the user's browser keeps: base64 of 32 bytes, his alone. */
export async function ownDraftKey(db: Db): Promise<string> {
  const { rows } = await sql<{ key: string }>`select access.own_draft_key() as key`.execute(db);
  return rows[0]?.key ?? "";
}

/** A first password, given by another: it ends after a week, and with it end his sessions and devices. */
export async function setPassword(db: Db, door: Door, userId: number, hash: string): Promise<void> {
  await askWithin(db, door, "access.set_password", { userId, hash });
}

/** A line of the sign-in log besides the attempts themselves. */
export async function noteInSignIns(
  db: Db,
  user: { id: number; name: string },
  { tenant, ip, userAgent }: Call,
  outcome: "signed_out" | "unblocked",
): Promise<void> {
  const line = { name: user.name, userId: user.id, ip, userAgent, outcome };
  await askWithin(db, tenant.door, "access.log_sign_in", line);
}

export async function saveLanguage(db: Db, language: Language): Promise<void> {
  await sql`select access.set_language(${language})`.execute(db);
}
