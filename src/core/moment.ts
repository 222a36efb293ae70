import { sql } from "kysely";
import type { Actor } from "./actor.ts";
import { Refusal } from "./refusal.ts";
import { transaction, type Db, type Pool } from "./transaction.ts";

/** A tenant's database as it was at a moment, open beside the present and only to be read. */
export type Moment = {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** Signs in as the tenant's own role, like the present's. */
  readonly pool: () => Pool;
  /** Carries today's rights, sessions, erasures and moves into it; all that was committed before the call. */
  readonly bringInStep: () => Promise<void>;
};

type Work<T> = (db: Db, actor: Actor) => Promise<T>;

/** Carried over once for what changed, and once more for what changed meanwhile. */
const carriedMax = 2;

/** Reads at a moment for one request, as whom the present tells at its very start. */
export async function readAtMoment<T>(
  moment: Moment,
  present: Pool,
  token: string | undefined,
  work: (db: Db, actor: Actor | undefined) => Promise<T>,
): Promise<T> {
  const today = () =>
    transaction(present, { readOnly: true, token }, async (db, actor) => ({
      actor,
      standing: await standingOf(db, actor),
    }));
  const { actor } = await today();
  // A session that ended has no view of any moment; what it is told is the action's own matter.
  if (actor === undefined) return await transaction(present, { readOnly: true, token }, work);
  return await inStep(moment, token, async () => (await today()).standing, work);
}

/** Reads at a moment from within a request's transaction in the present, as the same actor. */
export async function besideMoment<T>(
  moment: Moment,
  present: { readonly db: Db; readonly actor: Actor; readonly token: string | undefined },
  work: Work<T>,
): Promise<T> {
  return await inStep(moment, present.token, () => standingOf(present.db, present.actor), work);
}

/**
 * Works in the moment's database only when it tells of the asker, word for word, what the present tells, as much has been
 * erased in it and it knows of every move: so what was lost today is lost there on the next request.
 */
async function inStep<T>(
  moment: Moment,
  token: string | undefined,
  present: () => Promise<string>,
  work: Work<T>,
): Promise<T> {
  for (let carried = 0; ; carried += 1) {
    const today = await present();
    const done = await transaction(moment.pool(), { readOnly: true, token }, async (db, actor) => {
      if (actor === undefined || (await standingOf(db, actor)) !== today) return undefined;
      return { result: await work(db, actor) };
    });
    if (done !== undefined) return done.result;
    if (carried === carriedMax) throw new Refusal("unavailable");
    await moment.bringInStep();
  }
}

/** Who is asking, in the database's own words, how much it has erased for good, and how often records moved. */
async function standingOf(db: Db, actor: Actor | undefined): Promise<string> {
  const { rows } = await sql<{ standing: string }>`select public.standing() as standing`.execute(db);
  return JSON.stringify([actor ?? null, rows[0]?.standing]);
}
