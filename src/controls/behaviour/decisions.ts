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

  /** How many decisions have a row of their own with their outcome; views, lists and searches are written within a second. */
  async logged(): Promise<number> {
    let found = 0;
    for (let tries = 0; tries < 15 && found < this.count; tries++) {
      if (tries > 0) await delay(200);
      const rows = await this.#canary.rows<{ request: string; outcome: string }>(
        "select distinct request_id::text as request, outcome from public.audit where request_id = any ($1::uuid[])",
        [this.#made.map(({ requestId }) => requestId)],
      );
      const known = new Set(rows.map(({ request, outcome }) => `${request} ${outcome}`));
      found = this.#made.filter(({ requestId, outcome }) => known.has(`${requestId} ${outcome}`)).length;
    }
    return found;
  }
}
