import { sql } from "kysely";
import type { Pool } from "pg";
import type { Call } from "./call.ts";
import { RefusalTally, tallyMilliseconds } from "./refusal-tally.ts";
import type { Db } from "./transaction.ts";

/** One row of the audit log, as an action tells it; who, where and when are added by `perform`. */
export type AuditEntry = {
  readonly module?: string;
  readonly recordId?: string;
  readonly detail?: unknown;
  /** Overrides the action's name, for example one row per record of a bulk action. */
  readonly action?: string;
};

export type AuditRow = AuditEntry & {
  readonly at: Date;
  readonly userId: number | null;
  readonly sessionId: string | null;
  readonly requestId: string;
  readonly ip: string;
  readonly action: string;
  /** "done", or the code of the refusal. */
  readonly outcome: string;
};

export function auditRow(
  call: Pick<Call, "requestId" | "ip">,
  who: { userId: number; sessionId: string } | undefined,
  what: { action: string; outcome: string; at: Date },
  entry: AuditEntry = {},
): AuditRow {
  return {
    ...entry,
    at: what.at,
    action: entry.action ?? what.action,
    outcome: what.outcome,
    userId: who?.userId ?? null,
    sessionId: who?.sessionId ?? null,
    requestId: call.requestId,
    ip: call.ip,
  };
}

const insertRows = `insert into public.audit (at, user_id, session_id, request_id, ip, action, outcome, module, record_id, detail)
  select * from unnest($1::timestamptz[], $2::int[], $3::uuid[], $4::uuid[], $5::inet[], $6::text[], $7::text[], $8::text[], $9::uuid[], $10::jsonb[])`;

/** One statement that writes the rows in their order. */
export function auditStatement(rows: readonly AuditRow[]): { text: string; values: unknown[] } {
  const column = (pick: (row: AuditRow) => unknown) => rows.map(pick);
  const values = [
    column((row) => row.at),
    column((row) => row.userId),
    column((row) => row.sessionId),
    column((row) => row.requestId),
    column((row) => row.ip),
    column((row) => row.action),
    column((row) => row.outcome),
    column((row) => row.module ?? null),
    column((row) => row.recordId ?? null),
    column((row) => (row.detail === undefined ? null : JSON.stringify(row.detail))),
  ];
  return { text: insertRows, values };
}

/** Writes the rows in a transaction of their own. */
export async function writeAudit(pool: Pool, rows: readonly AuditRow[]): Promise<void> {
  await pool.query(auditStatement(rows));
}

/** One row per record of a bulk act, with one statement: what the rows share is sent once. `details` are JSON texts. */
export async function writeBulkAudit(
  db: Db,
  shared: AuditRow,
  records: { ids: readonly string[]; details: readonly string[] },
): Promise<void> {
  await sql`insert into public.audit (at, user_id, session_id, request_id, ip, action, outcome, module, record_id, detail)
    select ${shared.at}, ${shared.userId}::int, ${shared.sessionId}::uuid, ${shared.requestId}::uuid, ${shared.ip}::inet, ${shared.action}::text,
      ${shared.outcome}::text, ${shared.module ?? null}::text, r.id, r.detail
    from unnest(${records.ids}::uuid[], ${records.details}::jsonb[]) r(id, detail)`.execute(db);
}

/** What may wait of one tenant, and of all, while the database is away. */
const bytesMax = 16 * 1024 * 1024;
const bytesOfAllMax = 4 * bytesMax;
let bytesOfAll = 0;

const bytesOf = ({ detail }: AuditRow): number =>
  400 + (detail === undefined ? 0 : 2 * JSON.stringify(detail).length);

/**
 * Group commit for views, lists and searches: their own transactions are READ ONLY, so their rows are
 * written together within a second and the answer does not wait. Rows are kept while the database is away.
 */
export class AuditBuffer {
  readonly #pool: () => Pool;
  #waiting: AuditRow[] = [];
  /** About what the rows that wait or are being written take. */
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  readonly #refusals = new RefusalTally();
  #tallyTimer: NodeJS.Timeout | undefined;

  constructor(pool: () => Pool) {
    this.#pool = pool;
  }

  /** True while so much waits that reading must stop until it is written. */
  get full(): boolean {
    return this.#bytes >= bytesMax || bytesOfAll >= bytesOfAllMax;
  }

  add(row: AuditRow): void {
    this.#waiting.push(row);
    this.#weigh(bytesOf(row));
    this.#timer ??= setTimeout(() => void this.flush(), 400);
  }

  /**
   * Writes a refusal before the answer leaves; where one user or network has too many of them they are counted, and in
   * the log within ten seconds. What cannot be written now waits like the rows of reading.
   */
  async refused(row: AuditRow): Promise<void> {
    this.#tallyTimer ??= setTimeout(() => this.#addCounted(), tallyMilliseconds).unref();
    if (this.full) return this.#refusals.count(row);
    if (!this.#refusals.hasOwnRow(row)) return;
    try {
      await writeAudit(this.#pool(), [row]);
    } catch {
      this.add(row);
    }
  }

  /** Writes everything that is still owed. */
  async close(): Promise<void> {
    clearTimeout(this.#tallyTimer);
    this.#addCounted();
    await this.flush();
  }

  /** While nothing more can be kept, counting goes on. */
  #addCounted(): void {
    this.#tallyTimer = undefined;
    if (this.full) this.#tallyTimer = setTimeout(() => this.#addCounted(), tallyMilliseconds).unref();
    else for (const row of this.#refusals.take()) this.add(row);
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  #weigh(bytes: number): void {
    this.#bytes += bytes;
    bytesOfAll += bytes;
  }

  async #write(): Promise<void> {
    const rows = this.#waiting;
    if (rows.length === 0) return;
    const bytes = this.#bytes;
    this.#waiting = [];
    try {
      await writeAudit(this.#pool(), rows);
      this.#weigh(-bytes);
    } catch {
      this.#waiting = [...rows, ...this.#waiting];
      this.#timer ??= setTimeout(() => void this.flush(), 1000);
      this.#timer.unref();
    }
  }
}
