import type { Part, StreamAction, Streaming } from "./action.ts";
import type { Actor } from "./actor.ts";
import { auditRow, writeAudit, type AuditEntry } from "./audit.ts";
import { whoseOf, type Call } from "./call.ts";
import { refusalOf } from "./database-error.ts";
import { admitted, refused } from "./perform.ts";
import { Refusal } from "./refusal.ts";
import { shaped } from "./shape.ts";
import { openSnapshot, type Snapshot } from "./snapshot.ts";
import { Shares } from "./shares.ts";
import { transaction } from "./transaction.ts";

/** How long one long answer may take in all: its snapshot keeps the database from tidying up. */
const limitMilliseconds = 2 * 3_600_000;
/** Rights are asked for again this often while an answer goes on. */
const rightsMilliseconds = 1_000;
/** … and an answer whose rights could not be asked for so long ends. */
const unaskedMilliseconds = 15_000;

/** Each holds a database connection for as long as somebody reads it. */
const longAnswers = new Shares({ places: { all: 10, tenant: 2, nobody: 0, one: 1 }, usualSeconds: 60 });

/** `text` throws when the answer is cut; whoever sends it says at the end whether all of it was sent. */
export type Answering = Pick<Streaming, "mediaType" | "fileName" | "headers"> & {
  readonly text: AsyncGenerator<string, void>;
  ended(whole: boolean): Promise<void>;
};

type Begun = { call: Call; actor: Actor; name: string; entry: AuditEntry; parts: AsyncIterator<Part> };

/**
 * Like `perform`, for an answer in parts: one read-only snapshot, a row in the log before the first byte leaves
 * ("begun") and one at the end ("done" or "cut", with rows and bytes). Rights lost meanwhile end it.
 */
export async function performStream<Input>(
  action: StreamAction<Input>,
  call: Call,
  raw: unknown,
): Promise<Answering> {
  const at = new Date();
  const cut = new AbortController();
  const signals = [cut.signal, AbortSignal.timeout(limitMilliseconds), ...(call.gone ? [call.gone] : [])];
  const signal = AbortSignal.any(signals);
  let leave = () => {};
  let snapshot: Snapshot | undefined;
  try {
    snapshot = await openSnapshot(call.tenant.pool(), call.token, signal);
    const actor = admitted(action, snapshot.actor);
    if (call.momentId !== undefined) throw new Refusal("moment_read_only");
    const input = shaped(action, raw, call.language);
    leave = await longAnswers.take(whoseOf(call, actor));
    const { parts, audited, ...answer } = await action.begin({ db: snapshot.db, actor, input, call });
    const begun = { call, actor, name: action.name, entry: audited, parts: parts[Symbol.asyncIterator]() };
    const first = await begun.parts.next();
    const row = auditRow(call, actor, { action: action.name, outcome: "begun", at }, audited);
    await writeAudit(call.tenant, [row]);
    return { ...answer, ...sending(begun, first, { signal, cut, snapshot, leave }) };
  } catch (error) {
    await snapshot?.end();
    leave();
    throw await refused(error, { action, call, known: snapshot?.actor, at });
  }
}

type Held = { signal: AbortSignal; cut: AbortController; snapshot: Snapshot; leave: () => void };

function sending(begun: Begun, first: IteratorResult<Part>, held: Held): Pick<Answering, "text" | "ended"> {
  const sent = { rows: 0, bytes: 0, told: false, reason: undefined as string | undefined };
  const ended = async (whole: boolean) => {
    if (sent.told) return;
    sent.told = true;
    held.signal.removeEventListener("abort", leftAlone);
    if (!whole) held.cut.abort();
    held.leave();
    const { reason } = sent;
    const detail = {
      ...(begun.entry.detail as object),
      rows: sent.rows,
      bytes: sent.bytes,
      ...(reason && { reason }),
    };
    await tell(begun, whole && reason === undefined ? "done" : "cut", detail);
  };
  const leftAlone = () => {
    sent.reason ??= "gone";
    void ended(false);
  };
  held.signal.addEventListener("abort", leftAlone);
  return { text: texts(begun, first, held, sent), ended };
}

async function* texts(
  begun: Begun,
  first: IteratorResult<Part>,
  { signal, snapshot }: Held,
  sent: { rows: number; bytes: number; reason: string | undefined },
): AsyncGenerator<string, void> {
  const standing = standingOf(begun.actor);
  let askedAt = performance.now();
  try {
    for (let next = first; next.done !== true; next = await begun.parts.next()) {
      signal.throwIfAborted();
      if (performance.now() - askedAt >= rightsMilliseconds)
        askedAt = await stillTheSame(begun, standing, askedAt);
      sent.rows += next.value.rows;
      sent.bytes += Buffer.byteLength(next.value.text);
      yield next.value.text;
    }
    await snapshot.end();
  } catch (error) {
    sent.reason = refusalOf(error)?.code ?? "failed";
    throw error;
  }
}

/** Throws when the session ended or its rights are others now; answers when it was asked last. */
async function stillTheSame({ call }: Begun, standing: string, askedAt: number): Promise<number> {
  try {
    const options = { readOnly: true, token: call.token };
    const now = await transaction(call.tenant.pool(), options, async (_db, actor) => actor);
    if (now === undefined) throw new Refusal("signed_out");
    if (standingOf(now) !== standing) throw new Refusal("forbidden");
    return performance.now();
  } catch (error) {
    if (refusalOf(error)?.code === "unavailable" && performance.now() - askedAt < unaskedMilliseconds)
      return askedAt;
    throw error;
  }
}

/** What decides who reaches what; not when the session was last seen. */
const standingOf = ({ seenAt: _seenAt, ...rest }: Actor): string => JSON.stringify(rest);

/** In the log even when the database is away right now. */
async function tell(
  { call, actor, name, entry }: Begun,
  outcome: "done" | "cut",
  detail: object,
): Promise<void> {
  const row = auditRow(call, actor, { action: name, outcome, at: new Date() }, { ...entry, detail });
  await writeAudit(call.tenant, [row]).catch(() => call.tenant.audit.add(row));
}
