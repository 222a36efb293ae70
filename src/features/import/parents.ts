import type { Reason } from "./import.words.ts";

/** A row that may become a record, and the name it gives as the one above it ("" for none). */
export type Named = { readonly row: number; readonly name: string; readonly above: string };
/** The one above: a row of the same file, a record that is there already, or why there is none. */
export type Above = { readonly row: number } | { readonly id: string } | { readonly reason: Reason };

/**
 * Who stands above whom in one file, whatever the order of its rows. A row whose own one above cannot be had
 * is not taken, and so cannot stand above others; a ring has no top, so nobody in it is taken.
 */
export function resolveParents(
  rows: readonly Named[],
  existing: (name: string) => { id: string } | "ambiguous" | undefined,
): Map<number, Above> {
  const byName = grouped(rows, ({ name }) => name);
  const below = grouped(
    rows.filter(({ above }) => above !== ""),
    ({ above }) => above,
  );
  const answers = new Map<number, Above>();
  const gone = new Set<number>();

  const look = ({ above }: Named): Above => {
    const inFile = (byName.get(plain(above)) ?? []).filter(({ row }) => !gone.has(row));
    const record = existing(above);
    if (record === "ambiguous" || inFile.length + (record === undefined ? 0 : 1) > 1)
      return { reason: "ambiguous" };
    return record ?? (inFile[0] === undefined ? { reason: "not_found" } : { row: inFile[0].row });
  };
  const refuse = (one: Named, reason: Reason) => {
    const waiting: [Named, Reason][] = [[one, reason]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [{ row, name }, why] = next;
      if (gone.has(row)) continue;
      gone.add(row);
      answers.set(row, { reason: why });
      for (const child of below.get(plain(name)) ?? []) {
        const answer = answers.get(child.row);
        if (answer === undefined || !("row" in answer) || answer.row !== row) continue;
        waiting.push([child, "not_found"]);
      }
    }
  };

  const children = rows.filter(({ above }) => above !== "");
  for (const child of children) answers.set(child.row, look(child));
  for (const child of children) {
    const answer = answers.get(child.row);
    if (answer !== undefined && "reason" in answer) refuse(child, answer.reason);
  }
  const rings = ringsOf(answers);
  const ringed = children.filter(({ row }) => rings.has(row));
  for (const { row } of ringed) answers.set(row, { reason: "own_ancestor" });
  for (const child of ringed) refuse(child, "own_ancestor");
  return answers;
}

/** The rows that stand above themselves; every row is walked over once. */
function ringsOf(answers: ReadonlyMap<number, Above>): Set<number> {
  const [rings, walked] = [new Set<number>(), new Set<number>()];
  for (const start of answers.keys()) {
    const path: number[] = [];
    const onPath = new Set<number>();
    let at: number | undefined = start;
    while (at !== undefined && !walked.has(at) && !onPath.has(at)) {
      path.push(at);
      onPath.add(at);
      const answer: Above | undefined = answers.get(at);
      at = answer !== undefined && "row" in answer ? answer.row : undefined;
    }
    if (at !== undefined && onPath.has(at)) for (const row of path.slice(path.indexOf(at))) rings.add(row);
    for (const row of path) walked.add(row);
  }
  return rings;
}

const plain = (name: string) => name.toLowerCase();

function grouped(rows: readonly Named[], by: (row: Named) => string): Map<string, Named[]> {
  const groups = new Map<string, Named[]>();
  for (const row of rows) {
    const key = plain(by(row));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
