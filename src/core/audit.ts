import type { Call } from "./call.ts";
import { askWithin, doorStatement, type Door, type WithDoor } from "./door.ts";
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

/** The one statement by which rows come into the log: the database numbers them, and fills in who, in his own transaction. */
export function auditStatement(door: Door, rows: readonly AuditRow[]): { text: string; values: unknown[] } {
  return doorStatement(door, "public.log", { rows, shared: {} });
}

/** Writes the rows in a transaction of their own. */
export async function writeAudit(tenant: WithDoor, rows: readonly AuditRow[]): Promise<void> {
  await tenant.pool().query(auditStatement(tenant.door, rows));
}

/** One row per record of a bulk act, with one statement: what the rows share is sent once. */
export async function writeBulkAudit(
  db: Db,
  door: Door,
  shared: AuditRow,
  records: { ids: readonly string[]; details: readonly unknown[] },
): Promise<void> {
  const rows = records.ids.map((recordId, place) => ({ recordId, detail: records.details[place] }));
  await askWithin(db, door, "public.log", { shared, rows });
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
  readonly #tenant: WithDoor;
  #waiting: AuditRow[] = [];
  /** About what the rows that wait or are being written take. */
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();
  readonly #refusals = new RefusalTally();
  #tallyTimer: NodeJS.Timeout | undefined;

  constructor(tenant: WithDoor) {
    this.#tenant = tenant;
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
      await writeAudit(this.#tenant, [row]);
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
    const owed = new Set(this.#waiting);
    if (owed.size === 0) return;
    const bytes = this.#bytes;
    this.#waiting = [];
    try {
      await this.#writeSound([...owed], owed);
      this.#weigh(-bytes);
    } catch {
      const kept = [...owed];
      this.#weigh(kept.reduce((sum, row) => sum + bytesOf(row), 0) - bytes);
      this.#waiting = [...kept, ...this.#waiting];
      this.#timer ??= setTimeout(() => void this.flush(), 1000);
      this.#timer.unref();
    }
  }

  /** A row whose detail the database will not have keeps no other out of the log, and is there without it. */
  async #writeSound(rows: readonly AuditRow[], owed: Set<AuditRow>): Promise<void> {
    try {
      await writeAudit(this.#tenant, rows);
      for (const row of rows) owed.delete(row);
    } catch (error) {
      const [first] = rows;
      if (!isOfItsData(error) || first === undefined) throw error;
      if (rows.length === 1) {
        await writeAudit(this.#tenant, [bare(first)]);
        owed.delete(first);
        return;
      }
      const middle = Math.ceil(rows.length / 2);
      await this.#writeSound(rows.slice(0, middle), owed);
      await this.#writeSound(rows.slice(middle), owed);
    }
  }
}

const isOfItsData = (error: unknown): boolean =>
  error instanceof Error && "code" in error && /^2[23]/.test(String(error.code));

const bare = ({ at, userId, sessionId, requestId, ip, action, outcome, module }: AuditRow): AuditRow => ({
  at,
  userId,
  sessionId,
  requestId,
  ip,
  action,
  outcome,
  ...(module === undefined ? {} : { module }),
  detail: { left_out: true },
});
