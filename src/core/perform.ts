import { sql } from "kysely";
import type { Action, Remembered, Work } from "./action.ts";
import { scopeOf, type Actor } from "./actor.ts";
import { auditRow, auditStatement, type AuditEntry, type AuditRow } from "./audit.ts";
import type { Call } from "./call.ts";
import { refusalOf } from "./database-error.ts";
import { rememberDone, rememberedOf, repeatedEntry } from "./idempotency.ts";
import { lastTold } from "./known-actors.ts";
import { readAtMoment, type Moment } from "./moment.ts";
import { Refusal } from "./refusal.ts";
import { shaped } from "./shape.ts";
import { sendNow, transaction, type Db } from "./transaction.ts";

/**
 * The only thing that runs an action (with `performStream`, for answers of any size): transaction, who asks, shape,
 * find (through the actor's own view), allows, run, audit.
 * Throws a Refusal for every expected "no"; after one, nothing but the audit log has changed.
 */
export async function perform<Input, Output>(
  action: Action<Input, Output>,
  call: Call,
  raw: unknown,
): Promise<Output> {
  const at = new Date();
  let known: Actor | undefined;
  try {
    if (action.kind === "query" && call.tenant.audit.full) throw new Refusal("unavailable");
    const moment = await momentOf(action, call);
    const { result, views } = await reached(action, call, moment, async (db, asker, last) => {
      known = asker;
      const actor = admitted(action, asker);
      return await once(action, call, { db, actor, input: shaped(action, raw, call.language), last }, at);
    });
    for (const row of views) call.tenant.audit.add(row);
    if (known !== undefined && action.quiet !== true) void keepAlive(call, known, at);
    return result;
  } catch (error) {
    throw await refused(error, { action, call, known, at });
  }
}

type Attempt = { action: Pick<Action, "name">; call: Call; known: Actor | undefined; at: Date };

/** What to throw for an error: a refusal that is in the log, or the error itself when it is a bug. */
export async function refused(error: unknown, { action, call, known, at }: Attempt): Promise<unknown> {
  const refusal = refusalOf(error);
  if (refusal === undefined) return error;
  await recordRefusal(action.name, call, known, refusal, at);
  refusal.logged = true;
  return refusal;
}

/** A moment is only read: what would change something is refused before anything is looked up. */
async function momentOf(action: Guarded & Pick<Action, "kind">, call: Call): Promise<Moment | undefined> {
  if (call.momentId === undefined) return undefined;
  await asked(call, (actor) => admitted(action, actor));
  if (action.kind === "command") throw new Refusal("moment_read_only");
  return await getMoment(call, call.momentId);
}

/** Throws "no_such_moment" for one that is closed, over or another tenant's. */
export async function getMoment({ tenant }: Call, id: string): Promise<Moment> {
  const moment = await tenant.moment?.(id);
  if (moment === undefined) throw new Refusal("no_such_moment");
  return moment;
}

type Within<T> = Parameters<typeof transaction<T>>[2];

/** The present, or the moment that was asked for, under the rights of today. */
async function reached<T>(
  { kind }: Pick<Action, "kind">,
  { tenant, token }: Call,
  moment: Moment | undefined,
  work: Within<T>,
): Promise<T> {
  if (moment === undefined)
    return await transaction(tenant.pool(), { readOnly: kind === "query", token }, work);
  return await readAtMoment(moment, tenant.pool(), token, (db, actor) => work(db, actor, () => undefined));
}

type Guarded = Pick<Action, "name" | "permission" | "right">;

/** The actor, when there is one and his level opens the action at all. */
export function admitted({ permission, right }: Guarded, actor: Actor | undefined): Actor {
  if (actor === undefined) throw new Refusal("signed_out");
  if (permission !== undefined && !actor.permissions.includes(permission))
    throw new Refusal("forbidden", { permission });
  if (right !== undefined && scopeOf(actor, right.module, right.verb) === "none")
    throw new Refusal("forbidden", { right: { ...right, missing: "verb" } });
  return actor;
}

function isAdmitted(action: Guarded, actor: Actor | undefined): boolean {
  try {
    return admitted(action, actor) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Refuses, before a body is read, who would not be admitted. Whom the database told of last time may send a small body
 * without being asked for again: what it holds counts only once the database tells of him in the action's transaction.
 */
export async function mustBeAdmitted(action: Guarded, call: Call, large: boolean): Promise<void> {
  const at = new Date();
  const guess = call.token === undefined ? undefined : lastTold(call.tenant.pool(), call.token);
  if (!large && guess !== undefined && isAdmitted(action, guess.actor)) return;
  let known: Actor | undefined;
  try {
    await asked(call, (actor) => admitted(action, (known = actor)));
  } catch (error) {
    throw await refused(error, { action, call, known, at });
  }
}

const asked = ({ tenant, token }: Call, work: (actor: Actor | undefined) => unknown) =>
  transaction(tenant.pool(), { readOnly: true, token }, async (_db, actor) => void work(actor));

/** Moves the idle end of a session forward, once a minute at most; an open stream alone does not keep it alive. */
async function keepAlive(call: Call, actor: Actor, at: Date): Promise<void> {
  if (actor.kind !== "browser" || at.getTime() - Date.parse(actor.seenAt) < 60_000) return;
  const options = { readOnly: false, token: call.token };
  await transaction(call.tenant.pool(), options, (db) =>
    sql`select access.touch_session()`.execute(db),
  ).catch(() => undefined);
}

type Asked<Input> = { db: Db; actor: Actor; input: Input; last: (statement: Promise<unknown>) => void };
/** `views` are the rows the log owes for what was read. */
type Done<Output> = { result: Output; views: readonly AuditRow[] };

async function once<Input, Output>(
  action: Action<Input, Output>,
  call: Call,
  asked: Asked<Input>,
  at: Date,
): Promise<Done<Output>> {
  const remembered = await rememberedOf(action, call, asked);
  if (remembered !== undefined) return await repeat(action, call, asked, at, remembered);

  const entries: AuditEntry[] = [];
  const work: Work<Input> = { ...asked, call, audit: (entry) => entries.push(entry) };
  const found = action.find === undefined ? undefined : await action.find(work);
  if (action.find !== undefined && found === undefined) throw new Refusal("not_found");
  action.allows?.(work, found);
  const result = await action.run(work, found);

  if (action.quiet === true) return { result, views: [] };
  const entry = action.audited?.(asked.input, result, found);
  if (entry !== undefined || entries.length === 0) entries.push(entry ?? {});
  const rows = entries.map((each) =>
    auditRow(call, asked.actor, { action: action.name, outcome: "done", at }, atMoment(call, each)),
  );
  if (action.kind === "query") return { result, views: rows };
  await rememberDone(action, call, asked, result);
  asked.last(sendNow(asked.db, auditStatement(call.tenant.door, rows)));
  return { result, views: [] };
}

/** A command that was done before: nothing is done again, and what is told is asked with the policy of now. */
async function repeat<Input, Output>(
  action: Action<Input, Output>,
  call: Call,
  asked: Asked<Input>,
  at: Date,
  remembered: Remembered,
): Promise<Done<Output>> {
  if (action.again === undefined) throw new Refusal("done_before");
  const result = await action.again({ ...asked, call, audit: () => undefined }, remembered);
  if (result === undefined) throw new Refusal("not_found");
  const row = auditRow(
    call,
    asked.actor,
    { action: action.name, outcome: "repeated", at },
    repeatedEntry(action, remembered),
  );
  asked.last(sendNow(asked.db, auditStatement(call.tenant.door, [row])));
  return { result, views: [] };
}

/** What was read at a moment is in the log of the present, and says so. */
function atMoment({ momentId }: Call, entry: AuditEntry): AuditEntry {
  if (momentId === undefined) return entry;
  return { ...entry, detail: { ...(entry.detail as object | undefined), moment: momentId } };
}

/** The audit row of a refusal is written in a transaction of its own, before the answer leaves. */
async function recordRefusal(
  action: string,
  call: Call,
  actor: Actor | undefined,
  refusal: Refusal,
  at: Date,
) {
  const detail = {
    field: refusal.details.field,
    issues: refusal.details.issues?.map(({ field, code }) => ({ field, code })),
  };
  const row = auditRow(call, actor, { action, outcome: refusal.code, at }, atMoment(call, { detail }));
  await call.tenant.audit.refused(row);
}
