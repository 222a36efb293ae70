import type { Module } from "#records/index.ts";
import { ComeAgain, workJobs, type Workplace } from "../job-session/index.ts";
import { addWords, noteStarted, noteStopped } from "./import.store.ts";
import { say } from "./import.words.ts";
import { takeImport, undoImport } from "./job-actions.ts";
import { wordsBatchRecords } from "./limits.ts";
import { targetsOf } from "./targets.ts";

export const importQueue = "import";
/** Each holds one connection, and one for its progress now and then. */
const concurrency = 2;

/** Works imports off, and adds the words by which their records are found. */
export function workImports(workplace: Workplace, modules: readonly Module[]): Promise<void> {
  const targets = targetsOf(modules);
  return workJobs(workplace, {
    queueName: importQueue,
    concurrency,
    actionOf: (act, signal) => (act === "take" ? takeImport(targets, signal) : undoImport(targets, signal)),
    started: noteStarted,
    stopped: noteStopped,
    words: (why, language) => say(why === "failed" ? "failed" : "right_lost", language),
    async afterwards(tenant, id, signal) {
      while (await addWords(tenant, id, wordsBatchRecords)) if (signal.aborted) throw new ComeAgain();
    },
  });
}
