import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ManyJob, ManyResult, OneClientJob, OneClientTimes } from "./load.ts";

/** The load generator's process, seen from here. */
export class LoadGenerator {
  readonly #child: ChildProcess = fork(join(import.meta.dirname, "load.ts"), { serialization: "advanced" });

  one(job: Omit<OneClientJob, "kind">): Promise<OneClientTimes> {
    return this.#ask({ kind: "one", ...job });
  }

  many(job: Omit<ManyJob, "kind">): Promise<ManyResult> {
    return this.#ask({ kind: "many", ...job });
  }

  stop(): void {
    this.#child.disconnect();
  }

  async #ask<Result>(job: OneClientJob | ManyJob): Promise<Result> {
    const answered = once(this.#child, "message");
    this.#child.send(job);
    const [{ result, error }] = (await answered) as [{ result: Result; error?: string }];
    if (error !== undefined) throw new Error(`The load generator failed: ${error}`);
    return result;
  }
}
