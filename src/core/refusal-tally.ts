import type { AuditRow } from "./audit.ts";
import { networkOf, widerNetwork } from "./network.ts";

/** For so long refusals are counted together, in milliseconds. */
export const tallyMilliseconds = 10_000;
/** Refusals in that time that get rows of their own: of one user or network, and of a tenant. */
const ownRowsMax = 30;
const ofTenantMax = 200;
/** Rows of counts that are kept; twice as many where networks are taken together. */
const kindsMax = 1_000;

type Counted = { readonly row: AuditRow; count: number; last: Date };

/**
 * Bounds what refusals write: the first of a user or network get rows of their own, with everything that is known of
 * them; the others are counted by who, where, what and why, and become one row each (D-19: none is left out).
 */
export class RefusalTally {
  readonly #ownRows = new Map<string, number>();
  #ofTenant = 0;
  readonly #counted = new Map<string, Counted>();

  /** True when the refusal is to have its own row; else it is counted. */
  hasOwnRow(row: AuditRow): boolean {
    const who = String(row.userId ?? networkOf(row.ip));
    const own = this.#ownRows.get(who) ?? 0;
    if (own < ownRowsMax && this.#ofTenant < ofTenantMax) {
      this.#ownRows.set(who, own + 1);
      this.#ofTenant += 1;
      return true;
    }
    this.count(row);
    return false;
  }

  /** One row for each kind of refusal that was counted; counting begins anew. */
  take(): AuditRow[] {
    const rows = [...this.#counted.values()].map(({ row, count, last }) => ({
      ...row,
      detail: { count, first: row.at.toISOString(), last: last.toISOString() },
    }));
    this.#counted.clear();
    this.#ownRows.clear();
    this.#ofTenant = 0;
    return rows;
  }

  count(row: AuditRow): void {
    const exact = networkOf(row.ip);
    for (const ip of [exact, widerNetwork(exact), everywhere]) {
      const key = JSON.stringify([row.userId, ip, row.action, row.outcome]);
      const known = this.#counted.get(key);
      const kept = ip === exact ? kindsMax : 2 * kindsMax;
      if (known === undefined && this.#counted.size >= kept && ip !== everywhere) continue;
      const counted = known ?? { row: { ...row, ip, sessionId: null }, count: 0, last: row.at };
      counted.count += 1;
      counted.last = row.at;
      return void this.#counted.set(key, counted);
    }
  }
}

/** Where the address of a refusal cannot be kept any more, because the database has been away for long. */
const everywhere = "0.0.0.0/0";
