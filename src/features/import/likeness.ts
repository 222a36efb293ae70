import { plainName } from "./synonyms.ts";

/** A longer text is like no name: comparing it costs its length times the names'. */
const comparedLengthMax = 500;

/** The names most like a text, best first, at most `count`; none that is not like it at all. */
export function likest(text: string, names: Iterable<string>, count = 3): string[] {
  if (text.length > comparedLengthMax) return [];
  const pairs = pairsOf(text);
  return [...new Set(names)]
    .map((name) => ({ name, like: likeness(pairs, pairsOf(name)) }))
    .filter(({ like }) => like >= 0.4)
    .sort((one, other) => other.like - one.like || (one.name < other.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/** Shared pairs of neighbouring letters, from 0 to 1 (Dice's coefficient); case, spaces and signs do not count. */
function likeness(one: readonly string[], other: readonly string[]): number {
  const rest = new Map<string, number>();
  for (const pair of other) rest.set(pair, (rest.get(pair) ?? 0) + 1);
  let shared = 0;
  for (const pair of one) {
    const left = rest.get(pair) ?? 0;
    if (left > 0) shared += 1;
    rest.set(pair, left - 1);
  }
  return one.length + other.length === 0 ? 0 : (2 * shared) / (one.length + other.length);
}

function pairsOf(text: string): string[] {
  const plain = `^${plainName(text)}$`;
  return Array.from({ length: plain.length - 1 }, (_, index) => plain.slice(index, index + 2));
}
