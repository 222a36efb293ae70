import type { Actor, Db } from "#core/index.ts";
import { likest } from "./likeness.ts";
import { namedRecords, visibleNames, type Related } from "./look-up.store.ts";

export type LookUp = {
  /** Reads the records of these names, those not asked for before. */
  load(module: string, texts: Iterable<string>): Promise<void>;
  /** What a loaded text stands for, by its exact name, else without regard to case. */
  find(module: string, text: string): Related | "ambiguous" | undefined;
  suggest(module: string, text: string): Promise<string[]>;
};

/** A module with no more visible names than this is compared as a whole, a larger one by how names begin. */
const namesMax = 2000;
/** No record has a longer name, so a longer text is not looked for. */
const nameLengthMax = 500;
/** Unknown texts of one import that are compared with what is there; a file that is wrong throughout is not worth more. */
const comparedMax = 300;

/** Related records by name, among what the actor may see, each name asked for once. */
export function openLookUp(db: Db, actor: Actor): LookUp {
  const found = new Map<string, Map<string, Related[]>>();
  const names = new Map<string, string[]>();
  let compared = 0;

  const ofModule = (module: string) =>
    found.get(module) ?? found.set(module, new Map()).get(module) ?? new Map<string, Related[]>();

  async function near(module: string, text: string): Promise<string[]> {
    const all = names.get(module) ?? (await visibleNames(db, actor, module, undefined, namesMax + 1));
    names.set(module, all);
    if (all.length <= namesMax) return all;
    if (compared >= comparedMax) return [];
    compared += 1;
    return await visibleNames(db, actor, module, beginningsOf(text), namesMax);
  }

  async function loadDespiteCase(module: string, missing: readonly string[]): Promise<void> {
    const spelt = new Map<string, string[]>();
    for (const text of missing) {
      const plain = text.toLowerCase();
      const same = (await near(module, text)).filter((name) => name.toLowerCase() === plain);
      if (same.length > 0) spelt.set(text, same);
    }
    if (spelt.size === 0) return;
    const records = await namedRecords(db, actor, module, [...spelt.values()].flat());
    for (const [text, same] of spelt)
      ofModule(module).set(
        text,
        records.filter(({ name }) => same.includes(name)),
      );
  }

  return {
    async load(module, texts) {
      const known = ofModule(module);
      const asked = [...new Set(texts)].filter((text) => text.length <= nameLengthMax && !known.has(text));
      if (asked.length === 0) return;
      for (const text of asked) known.set(text, []);
      for (const record of await namedRecords(db, actor, module, asked)) known.get(record.name)?.push(record);
      await loadDespiteCase(
        module,
        asked.filter((text) => known.get(text)?.length === 0),
      );
    },
    find(module, text) {
      const records = found.get(module)?.get(text) ?? [];
      return records.length > 1 ? "ambiguous" : records[0];
    },
    suggest: async (module, text) => likest(text, await near(module, text)),
  };
}

/** The first two letters as they stand, and in the cases people write names in. */
function beginningsOf(text: string): string[] {
  const [first = "", second = ""] = [...text];
  const start = first + second;
  return [
    ...new Set([start, start.toUpperCase(), start.toLowerCase(), first.toUpperCase() + second.toLowerCase()]),
  ];
}
