import { sql } from "kysely";
import type { Action, Remembered, Work } from "./action.ts";
import type { Actor } from "./actor.ts";
import { auditRow, auditStatement, type AuditEntry, type AuditRow } from "./audit.ts";
import type { Call } from "./call.ts";
import { refusalOf } from "./database-error.ts";
import { rememberDone, rememberedOf, repeatedEntry } from "./idempotency.ts";
import { readAtMoment, type Moment } from "./moment.ts";
import { Refusal } from "./refusal.ts";
import { shaped } from "./shape.ts";
import { sendNow, transaction, type Db } from "./transaction.ts";

/**
 * The only thing that runs an action (with `performStream`, for answers of any size): shape, transaction, find (through the actor's own view), allows, run, audit.
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
    const input = shaped(action, raw, call.language);
    if (action.kind === "query" && call.tenant.audit.full) throw new Refusal("unavailable");
    const moment = await momentOf(action, call);
    const { result, views } = await reached(action, call, moment, async (db, actor, last) => {
      known = actor;
      return await once(action, call, { db, actor: admitted(action, actor), input, last }, at);
    });
    for (const row of views) call.tenant.audit.add(row);
    if (known !== undefined && action.quiet !== true) void keepAlive(call, known, at);
    return result;
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    await recordRefusal(action.name, call, known, refusal, at);
    refusal.logged = true;
    throw refusal;
  }
}

/** A moment is only read: what would change something is refused before anything is looked up. */
async function momentOf(action: Pick<Action, "kind">, call: Call): Promise<Moment | undefined> {
  if (call.momentId === undefined) return undefined;
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

type Guarded = { readonly permission?: string };

/** The actor, when there is one and his level opens the action at all. */
export function admitted(action: Guarded, actor: Actor | undefined): Actor {
  if (actor === undefined) throw new Refusal("signed_out");
  if (action.permission !== undefined && !actor.permissions.includes(action.permission))
    throw new Refusal("forbidden", { permission: action.permission });
  return actor;
}

/** Asks only whether the call would be admitted, before something large is read for it. */
export async function mustBeAdmitted(action: Guarded, call: Call): Promise<void> {
  const asks = { readOnly: true, token: call.token };
  await transaction(call.tenant.pool(), asks, async (_db, actor) => admitted(action, actor));
}

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
  asked.last(sendNow(asked.db, auditStatement(rows)));
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
  asked.last(sendNow(asked.db, auditStatement([row])));
  return { result, views: [] };
}

/** What was read at a moment is in the log of the present, and says so. */
function atMoment({ momentId }: Call, entry: AuditEntry): AuditEntry {
  if (momentId === undefined) return entry;
  return { ...entry, detail: { ...(entry.detail as object | undefined), moment: momentId } };
}

/** The audit row of a refusal is written in a transaction of its own, before the answer leaves. */
export async function recordRefusal(
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
