import { table } from "../../apps/controls/table.ts";

type Step = { what: string; seconds: number; ok: boolean; seen: string };

/** What was done, how long it took and whether it is as it must be. */
export class Steps {
  readonly #steps: Step[] = [];

  /** Does a step. Prints it at once, so that whoever waits sees how far it is. */
  async take<Result>(
    what: string,
    work: () => Promise<Result>,
    judge: (result: Result) => { ok: boolean; seen: string },
  ): Promise<Result> {
    const began = performance.now();
    const note = (judged: { ok: boolean; seen: string }) => {
      const seconds = (performance.now() - began) / 1_000;
      this.#steps.push({ what, seconds, ...judged });
      process.stdout.write(`  ${judged.ok ? "ok  " : "FAIL"} ${what} (${seconds.toFixed(1)} s)\n`);
    };
    try {
      const result = await work();
      note(judge(result));
      return result;
    } catch (error) {
      note({ ok: false, seen: (error as Error).message });
      throw error;
    }
  }

  get failed(): number {
    return this.#steps.filter(({ ok }) => !ok).length;
  }

  asTable(): string {
    const rows = this.#steps.map(({ what, seconds, ok, seen }) => [
      ok ? "ok" : "FAIL",
      `${seconds.toFixed(1)} s`,
      what,
      seen,
    ]);
    return table(["", "TIME", "STEP", "WHAT WAS SEEN"], rows);
  }
}
