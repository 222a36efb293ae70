import { setTimeout as delay } from "node:timers/promises";
import type { Answer, Browser, Canary } from "../canary/index.ts";

/** Everything asked and what was decided, to be found again in the audit log. */
export class Decisions {
  readonly #made: { requestId: string; outcome: string }[] = [];
  readonly #canary: Canary;

  constructor(canary: Canary) {
    this.#canary = canary;
  }

  get count(): number {
    return this.#made.length;
  }

  /** Asks, and remembers the decision under its request's id. */
  readonly ask = async (browser: Browser, ...asked: Parameters<Browser["ask"]>): Promise<Answer> => {
    const answer = await browser.ask(...asked);
    this.#made.push({
      requestId: answer.requestId,
      outcome: answer.status < 400 ? "done" : String(answer.body?.error?.code),
    });
    return answer;
  };

  /**
   * How many decisions are in the log: in a row of their own with their outcome, or counted in one. Views, lists and
   * searches are written within a second; refusals beyond the first thirty of one network in ten seconds become one
   * row that says how many of that outcome there were.
   */
  async logged(): Promise<number> {
    let found = 0;
    for (let tries = 0; tries < 75 && found < this.count; tries++) {
      if (tries > 0) await delay(200);
      const rows = await this.#canary.rows<{ request: string; outcome: string; counted: number }>(
        `select request_id::text as request, outcome, max(coalesce((detail ->> 'count')::integer, 1)) as counted
          from public.audit where request_id = any ($1::uuid[]) group by 1, 2`,
        [this.#made.map(({ requestId }) => requestId)],
      );
      found = countedIn(rows, this.#made);
    }
    return found;
  }
}

type Made = { readonly requestId: string; readonly outcome: string };

function countedIn(
  rows: readonly { request: string; outcome: string; counted: number }[],
  made: readonly Made[],
): number {
  const known = new Set(rows.map(({ request, outcome }) => `${request} ${outcome}`));
  const withRow = made.filter(({ requestId, outcome }) => known.has(`${requestId} ${outcome}`));
  const without = Map.groupBy(
    made.filter((one) => !withRow.includes(one)),
    ({ outcome }) => outcome,
  );
  const counted = [...without].map(([outcome, ones]) => {
    const further = rows.filter((row) => row.outcome === outcome).map((row) => row.counted - 1);
    return Math.min(
      ones.length,
      further.reduce((sum, more) => sum + more, 0),
    );
  });
  return withRow.length + counted.reduce((sum, more) => sum + more, 0);
}
