import { sql } from "kysely";
import type { Pool } from "pg";
import type { Call } from "./call.ts";
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

/**
 * Group commit for views, lists and searches: their own transactions are READ ONLY, so their rows are
 * written together within a second and the answer does not wait. Rows are kept while the database is away.
 */
export class AuditBuffer {
  readonly #pool: () => Pool;
  readonly #rowsMax = 50_000;
  #waiting: AuditRow[] = [];
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(pool: () => Pool) {
    this.#pool = pool;
  }

  /** True while so many rows wait that reading must stop until they are written. */
  get full(): boolean {
    return this.#waiting.length >= this.#rowsMax;
  }

  add(row: AuditRow): void {
    this.#waiting.push(row);
    this.#timer ??= setTimeout(() => void this.flush(), 400);
  }

  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const rows = this.#waiting;
    if (rows.length === 0) return;
    this.#waiting = [];
    try {
      await writeAudit(this.#pool(), rows);
    } catch {
      this.#waiting = [...rows, ...this.#waiting];
      this.#timer ??= setTimeout(() => void this.flush(), 1000);
      this.#timer.unref();
    }
  }
}
