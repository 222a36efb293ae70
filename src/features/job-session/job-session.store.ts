import { sql } from "kysely";
import type { Actor, Db } from "#core/index.ts";

/** Opens a session in which a job acts as the asker. */
export async function openJobSession(db: Db, tokenHash: Buffer): Promise<void> {
  await sql`select access.open_job_session(${tokenHash})`.execute(db);
}

/** Who the transaction's session stands for right now; its rights may have changed since it began. */
export async function currentActor(db: Db): Promise<Actor | undefined> {
  const { rows } = await sql<{
    actor: Actor | null;
  }>`select access.enter(current_setting('strongroom.token', true)) as actor`.execute(db);
  return rows[0]?.actor ?? undefined;
}

export async function endOwnSession(db: Db, actor: Actor): Promise<void> {
  await sql`select access.end_sessions(${actor.userId}, ${actor.sessionId})`.execute(db);
}

/** Two runs of one job never work at the same time: the second is told so. Held until the transaction ends. */
export async function holdJob(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql<{
    held: boolean;
  }>`select access.hold(${name}, false) as held`.execute(db);
  return rows[0]?.held === true;
}
