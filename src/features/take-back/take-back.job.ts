import type { Module } from "#records/index.ts";
import { workJobs, type Workplace } from "../job-session/index.ts";
import { takeDeleted, undoAll } from "./job-actions.ts";
import { noteStarted, noteStopped } from "./journal.store.ts";
import { stopWords } from "./take-back.words.ts";

export const takeBackQueue = "take-back";

export function workTakeBacks(workplace: Workplace, modules: readonly Module[]): Promise<void> {
  return workJobs(workplace, {
    queueName: takeBackQueue,
    concurrency: 2,
    actionOf: (act, signal) => (act === "take" ? takeDeleted(modules, signal) : undoAll(modules, signal)),
    started: noteStarted,
    stopped: noteStopped,
    words: (why, language) => stopWords[why][language],
  });
}
