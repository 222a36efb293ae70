import { sql } from "kysely";
import { askAsProgram, type Db, type TenantConnection } from "#core/index.ts";
import type { Reason } from "./reasons.ts";

export const states = ["waiting", "running", "done", "failed", "undoing", "undone"] as const;
export type State = (typeof states)[number];

/** A taking back as it is kept; everybody sees his own. */
export type TakeBack = {
  id: string;
  momentId: string;
  momentAt: string;
  module: string | null;
  state: State;
  wanted: number;
  done: number;
  taken: number;
  refused: number;
  undone: number;
  error: string | null;
  createdAt: string;
};

const columns = sql`b.id, b.moment_id as "momentId", b.moment_at as "momentAt", b.module, b.state, b.wanted, b.done, b.taken,
  b.refused, b.undone, b.error, b.created_at as "createdAt"`;

export async function findTakeBack(db: Db, id: string, lock = false): Promise<TakeBack | undefined> {
  const { rows } = await sql<TakeBack>`select ${columns} from public.take_back b where b.id = ${id}
    ${sql.raw(lock ? "for update" : "")}`.execute(db);
  return rows[0];
}

export async function listTakeBacks(db: Db, limit: number): Promise<TakeBack[]> {
  const { rows } =
    await sql<TakeBack>`select ${columns} from public.take_back b order by b.created_at desc, b.id limit ${limit}`.execute(
      db,
    );
  return rows;
}

export async function insertTakeBack(
  db: Db,
  userId: number,
  one: Pick<TakeBack, "id" | "momentId" | "momentAt" | "module" | "state" | "wanted">,
): Promise<void> {
  await sql`insert into public.take_back (id, user_id, moment_id, moment_at, module, state, wanted)
    values (${one.id}, ${userId}, ${one.momentId}, ${one.momentAt}, ${one.module}, ${one.state}, ${one.wanted})`.execute(
    db,
  );
}

export async function setState(db: Db, id: string, state: State): Promise<void> {
  await sql`update public.take_back set state = ${state}, error = null where id = ${id}`.execute(db);
}

/** Ends the one transaction of a taking back. */
export async function finishTaking(
  db: Db,
  id: string,
  { taken, refused }: { taken: number; refused: number },
): Promise<void> {
  await sql`update public.take_back set state = 'done', wanted = ${taken + refused}, done = ${taken + refused}, taken = ${taken},
    refused = ${refused}, error = null where id = ${id}`.execute(db);
}

export async function finishUndo(db: Db, id: string, undone: number): Promise<void> {
  await sql`update public.take_back set state = 'undone', undone = ${undone}, done = taken, error = null where id = ${id}`.execute(
    db,
  );
}

export type Entry = {
  seq: number;
  module: string;
  recordId: string;
  name: string;
  reason: Reason | null;
  field: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  versionAfter: number | null;
};

export async function addEntries(db: Db, id: string, entries: readonly Entry[]): Promise<void> {
  await sql`insert into public.take_back_record (take_back_id, seq, module, record_id, name, reason, field, before, after, version_after)
    select ${id}, e.* from jsonb_to_recordset(${JSON.stringify(entries)}) e (seq integer, module text, "recordId" uuid, name text,
      reason text, field text, before jsonb, after jsonb, "versionAfter" integer)`.execute(db);
}

/** What was taken, the last first, before a place in it. */
export async function takenBefore(db: Db, id: string, seq: number, limit: number): Promise<Entry[]> {
  const { rows } =
    await sql<Entry>`select r.seq, r.module, r.record_id as "recordId", r.name, r.before, r.after,
      r.version_after as "versionAfter"
    from public.take_back_record r where r.take_back_id = ${id} and r.reason is null and r.seq < ${seq}
    order by r.seq desc limit ${limit}`.execute(db);
  return rows;
}

export async function noteUndone(
  db: Db,
  id: string,
  entries: readonly { seq: number; reason: Reason | null }[],
): Promise<void> {
  await sql`update public.take_back_record r set kept_because = e.reason, undone_at = case when e.reason is null then now() end
    from jsonb_to_recordset(${JSON.stringify(entries)}) e (seq integer, reason text)
    where r.take_back_id = ${id} and r.seq = e.seq`.execute(db);
}

export type Told = {
  seq: number;
  module: string;
  id: string;
  name: string;
  reason: Reason | null;
  field: string | null;
  undone: boolean;
  keptBecause: Reason | null;
};

/** What became of each record; those that were not taken, or not put back, first come first with `open`. */
export async function entriesAfter(
  db: Db,
  id: string,
  { after, limit, open }: { after: number; limit: number; open: boolean },
): Promise<Told[]> {
  const { rows } = await sql<Told>`select r.seq, r.module, r.record_id as id, r.name, r.reason, r.field,
      r.undone_at is not null as undone, r.kept_because as "keptBecause"
    from public.take_back_record r where r.take_back_id = ${id} and r.seq > ${after}
      and (not ${open} or r.reason is not null or r.kept_because is not null)
    order by r.seq limit ${limit}`.execute(db);
  return rows;
}

/** The three below stand outside the job's transaction, which is still open or was rolled back. */
export async function noteStarted(tenant: TenantConnection, id: string): Promise<void> {
  await askAsProgram(tenant, "public.take_back_started", { id });
}

export async function noteProgress(
  tenant: TenantConnection,
  id: string,
  done: number,
  wanted: number,
): Promise<void> {
  await askAsProgram(tenant, "public.take_back_progress", { id, done, wanted });
}

export async function noteStopped(tenant: TenantConnection, id: string, reason: string): Promise<void> {
  await askAsProgram(tenant, "public.take_back_stopped", { id, reason });
}
