import type { Language } from "#core/index.ts";
import type { Field } from "#records/index.ts";
import { refuseMapping } from "./refuse-file.ts";
import { plainName, synonyms, synonymsOfAll } from "./synonyms.ts";
import type { Target } from "./targets.ts";

/** Which field each column becomes; null leaves the column out. */
export type Mapping = { readonly [column: string]: string | null };

/** The mapping most likely meant: what this user chose for the same column before, else by name, words and synonyms. */
export function suggestMapping(target: Target, columns: readonly string[], remembered: Mapping): Mapping {
  const chosen = new Map<string, string | null>();
  const free = (field: Field) => ![...chosen.values()].includes(field.name);
  const known = (column: string) => remembered[plainName(column)];
  for (const column of columns) {
    const field = target.fields.find(({ name }) => name === known(column));
    if (field !== undefined && free(field)) chosen.set(column, field.name);
    else if (known(column) === null) chosen.set(column, null);
  }
  for (const names of [ownNames, otherNames(target)])
    for (const column of columns) {
      if (chosen.has(column)) continue;
      const field = target.fields.find((each) => free(each) && names(each).includes(plainName(column)));
      if (field !== undefined) chosen.set(column, field.name);
    }
  return Object.fromEntries(columns.map((column) => [column, chosen.get(column) ?? null]));
}

const ownNames = ({ name, words }: Field): string[] => [name, words.en, words.da].map(plainName);

const otherNames =
  (target: Target) =>
  (field: Field): readonly string[] => {
    const module = target.module;
    const title =
      module !== undefined && field.name === module.titleField
        ? [module.words.en.one, module.words.da.one].map(plainName)
        : [];
    return [...title, ...(synonyms[target.name]?.[field.name] ?? []), ...(synonymsOfAll[field.name] ?? [])];
  };

/** Throws a Refusal naming the column when the mapping is not one of this file's columns to this target's fields. */
export function checkMapping(
  target: Target,
  columns: readonly string[],
  mapping: Mapping,
  language: Language,
): void {
  const taken = new Set<string>();
  for (const [column, field] of Object.entries(mapping)) {
    if (!columns.includes(column)) throw refuseMapping(language, column, "unknown_column");
    if (field === null) continue;
    if (!target.fields.some(({ name }) => name === field))
      throw refuseMapping(language, field, "not_importable");
    if (taken.has(field)) throw refuseMapping(language, field, "mapped_twice");
    taken.add(field);
  }
}

/** What to remember of a choice: by the column's plain name, for the same column of the next file. */
export const memorable = (mapping: Mapping): Mapping =>
  Object.fromEntries(Object.entries(mapping).map(([column, field]) => [plainName(column), field]));
