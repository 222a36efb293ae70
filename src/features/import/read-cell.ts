import { issuesOf, type Actor, type Language, type Words } from "#core/index.ts";
import { createShape, type Field, type Module } from "#records/index.ts";
import type { Dialect } from "./dialect.ts";
import { say, type Reason } from "./import.words.ts";
import type { Directory } from "./look-up.store.ts";
import { dayOf, momentOf, numberOf, yesOrNo } from "./values.ts";

/** Why a cell is not taken. Values themselves are never objects. */
export type Fault = { readonly code: string; readonly message: string };
export type Value = string | number | boolean | null;
export type Read = (text: string) => Value | Fault;

export const isFault = (value: Value | Fault): value is Fault => typeof value === "object" && value !== null;
export const fault = (reason: Reason, language: Language): Fault => ({
  code: reason,
  message: say(reason, language),
});

type Around = { dialect: Dialect; directory: Directory; actor: Actor };

/** How the text of one column becomes the field's value, by the same shape a person's own input has. */
export function readerOf(module: Module, field: Field, around: Around): Read {
  const { actor } = around;
  const convert = conversionOf(field, around);
  if (["relation", "user", "territory", "choice"].includes(field.type)) return convert;
  const shape = createShape(module).shape[field.name];
  return (text) => {
    const value = convert(text);
    if (isFault(value) || shape === undefined) return value;
    const checked = shape.safeParse(value);
    if (checked.success) return checked.data as Value;
    const [issue] = issuesOf(checked.error, actor.language);
    return { code: issue?.code ?? "wrong_type", message: issue?.message ?? "" };
  };
}

function conversionOf(field: Field, { dialect, directory, actor }: Around): Read {
  const { language } = actor;
  const or = (reason: Reason, read: (text: string) => Value | undefined) => {
    const none = fault(reason, language);
    return (text: string): Value | Fault => read(text) ?? none;
  };
  switch (field.type) {
    case "integer":
    case "decimal":
    case "money":
      return or("not_a_number", (text) => numberOf(text, dialect.decimal));
    case "date":
      return or(
        "not_a_date",
        (text) => dayOf(text, dialect.dateOrder) ?? momentOf(text, dialect.dateOrder)?.slice(0, 10),
      );
    case "dateTime":
      return or("not_a_date", (text) => momentOf(text, dialect.dateOrder));
    case "yesNo":
      return or("not_yes_or_no", yesOrNo);
    case "choice":
      return byName(
        wordsOf(field.choices === "stages" ? directory.stages : field.choices),
        "not_a_choice",
        language,
      );
    case "user":
      return byName(
        directory.users.flatMap(
          ({ id, name, fullName }) =>
            [
              [name, id],
              [fullName, id],
            ] as const,
        ),
        "not_found",
        language,
      );
    case "territory":
      return territoryReader(directory, actor);
    default:
      return (text) => text;
  }
}

const wordsOf = (choices: readonly { value: string; words: Words }[]) =>
  choices.flatMap(
    ({ value, words }) =>
      [
        [value, value],
        [words.en, value],
        [words.da, value],
      ] as const,
  );

/** A value by one of its names, without regard to case; a name of two values is ambiguous. */
function byName<Kept extends string | number>(
  named: readonly (readonly [string, Kept])[],
  missing: Reason,
  language: Language,
): Read {
  const values = new Map<string, Set<Kept>>();
  for (const [name, value] of named)
    values.set(name.toLowerCase(), (values.get(name.toLowerCase()) ?? new Set()).add(value));
  const [none, several] = [fault(missing, language), fault("ambiguous", language)];
  return (text) => {
    const fitting = values.get(text.toLowerCase());
    if (fitting === undefined) return none;
    return fitting.size > 1 ? several : ([...fitting][0] ?? null);
  };
}

/** Nobody places a record outside his own territories. */
function territoryReader(directory: Directory, actor: Actor): Read {
  const read = byName(
    directory.territories.map(({ id, name }) => [name, id] as const),
    "not_found",
    actor.language,
  );
  const beyond = fault("beyond_own_rights", actor.language);
  return (text) => {
    const value = read(text);
    return typeof value === "number" && !actor.everywhere && !actor.territories.includes(value)
      ? beyond
      : value;
  };
}

/** The names a text may have meant, where the names are few. */
export function namesFor(field: Field, directory: Directory, language: Language): string[] {
  if (field.type === "user") return directory.users.map(({ fullName }) => fullName);
  if (field.type === "territory") return directory.territories.map(({ name }) => name);
  if (field.type !== "choice") return [];
  return (field.choices === "stages" ? directory.stages : field.choices).map(({ words }) => words[language]);
}
