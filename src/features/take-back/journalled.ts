import type { Work } from "#core/index.ts";
import { addEntries, finishTaking, type Entry } from "./journal.store.ts";
import { takeRecords, type Outcome, type Taking, type Wanted } from "./take-records.ts";

/** Called after every batch; throws when it must not go on. */
export type GoesOn = (done: number) => Promise<void>;

/** Takes all of them back and keeps in the journal what became of each; within the request's one transaction. */
export async function takeJournalled(
  work: Work<unknown>,
  taking: Omit<Taking, "work">,
  wanted: readonly Wanted[],
  goesOn: GoesOn,
): Promise<{ taken: number; refused: number }> {
  const counts = { taken: 0, refused: 0 };
  for await (const outcomes of takeRecords({ ...taking, work }, wanted)) {
    const done = counts.taken + counts.refused;
    await addEntries(
      work.db,
      taking.takeBackId,
      outcomes.map((each, index) => entryOf(each, done + index)),
    );
    counts.refused += outcomes.filter((each) => "reason" in each).length;
    counts.taken += outcomes.filter((each) => !("reason" in each)).length;
    await goesOn(counts.taken + counts.refused);
  }
  await finishTaking(work.db, taking.takeBackId, counts);
  return counts;
}

function entryOf(outcome: Outcome, seq: number): Entry {
  const { module, id: recordId, name } = outcome;
  const about = { seq, module: module.name, recordId, name };
  if ("reason" in outcome)
    return {
      ...about,
      reason: outcome.reason,
      field: outcome.field ?? null,
      before: null,
      after: null,
      versionAfter: null,
    };
  const { before, after, version } = outcome;
  return { ...about, reason: null, field: null, before, after, versionAfter: version };
}
