import { setImmediate as nextTurn } from "node:timers/promises";
import type { Check } from "./import-shape.ts";
import type { StoredImport } from "./import.store.ts";
import { likest } from "./likeness.ts";
import { openLookUp } from "./look-up.ts";
import { readDirectory } from "./look-up.store.ts";
import type { Asker } from "./plan.ts";
import type { Problem } from "./prepare.ts";
import { namesFor } from "./read-cell.ts";
import { take } from "./taking.ts";
import type { Target } from "./targets.ts";

const problemsMax = 100;
/** Unknown names told, those of the most rows first. */
const unmatchedMax = 200;
/** Distinct unknown names counted; a file with more is mapped wrong, not misspelt. */
const countedMax = 20_000;
const ofNames = new Set(["not_found", "not_a_choice", "ambiguous"]);

type Asked = Asker & { target: Target; one: StoredImport };
type Unknown = { field: string; text: string; rows: number };

/** The import without its effect: what it would take, and what a person could say to have more taken. */
export async function checkFile(asked: Asked): Promise<Check> {
  const counts = { taken: 0, refused: 0 };
  const problems: Problem[] = [];
  const unknown = new Map<string, Unknown>();
  for await (const { taken, refused } of take(asked, undefined)) {
    counts.taken += taken.length;
    counts.refused += refused.length;
    for (const problem of refused.flatMap((each) => each.problems)) {
      if (problems.length < problemsMax) problems.push(problem);
      if (ofNames.has(problem.code) && unknown.size < countedMax) count(unknown, problem);
    }
  }
  const most = [...unknown.values()].sort((one, other) => other.rows - one.rows).slice(0, unmatchedMax);
  return {
    rows: counts.taken + counts.refused,
    wouldCreate: counts.taken,
    refused: counts.refused,
    unmatched: await withSuggestions(asked, most),
    problems,
  };
}

function count(unknown: Map<string, Unknown>, { field, text }: Problem): void {
  const key = JSON.stringify([field, text]);
  const known = unknown.get(key) ?? { field, text, rows: 0 };
  known.rows += 1;
  unknown.set(key, known);
}

async function withSuggestions(
  { db, actor, target }: Asked,
  unknown: readonly Unknown[],
): Promise<Check["unmatched"]> {
  const lookUp = openLookUp(db, actor);
  const directory = await readDirectory(db);
  const told: Check["unmatched"] = [];
  for (const each of unknown) {
    const field = target.fields.find(({ name }) => name === each.field);
    if (field === undefined || target.module === undefined) continue;
    const suggestions =
      field.type === "relation"
        ? await lookUp.suggest(field.module, each.text)
        : likest(each.text, namesFor(field, directory, actor.language));
    told.push({ ...each, suggestions });
    // Comparing one text with thousands of names takes milliseconds; others are answered in between.
    await nextTurn();
  }
  return told;
}
