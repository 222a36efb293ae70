import { setTimeout as delay } from "node:timers/promises";
import { isBehind } from "#platform/postgres/index.ts";

// The machine's other users come first. What restored rows and indexes write to the log, everybody's commits wait for on
// its way to the disk; in the rests they do not (bench/README.md, recovery). A small tenant is through before.
const restPerWork = 2;
const withoutRestMilliseconds = 1_000;

/** Works through a list, one after the other, with rests once it takes longer and the machine has time for all. */
export async function inTurns<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let worked = -withoutRestMilliseconds;
  for (const item of items) {
    const from = performance.now();
    await work(item);
    worked += performance.now() - from;
    if (worked <= 0) continue;
    // On a busy machine the work itself took its time: resting too it would not end.
    if (!isBehind()) await delay(worked * restPerWork);
    worked = 0;
  }
}
