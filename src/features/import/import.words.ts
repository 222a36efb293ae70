import type { Words } from "#core/index.ts";

/** Why a file or a row of it is not taken; `{…}` is filled in. */
export const importWords = {
  empty: { en: "there is nothing in the file", da: "der er ikke noget i filen" },
  binary: {
    en: "this is not a text file; save it as CSV first",
    da: "det er ikke en tekstfil; gem den som CSV først",
  },
  broken: {
    en: "row {row} cannot be read: a quotation mark is opened and not closed, or stands where it cannot",
    da: "række {row} kan ikke læses: et anførselstegn er åbnet og ikke lukket, eller står et forkert sted",
  },
  ragged: {
    en: "row {row} has {count} columns, the first row has {expected}",
    da: "række {row} har {count} kolonner, første række har {expected}",
  },
  too_many_columns: {
    en: "row {row} has more than {limit} columns",
    da: "række {row} har flere end {limit} kolonner",
  },
  too_many_rows: { en: "there are more than {limit} rows", da: "der er flere end {limit} rækker" },
  cell_too_long: {
    en: "row {row}, column {column}: a cell of more than {limit} characters",
    da: "række {row}, kolonne {column}: en celle på mere end {limit} tegn",
  },
  row_too_long: {
    en: "row {row} is longer than {limit} bytes; perhaps a quotation mark in it is never closed",
    da: "række {row} er længere end {limit} byte; måske bliver et anførselstegn i den aldrig lukket",
  },
  no_rows: {
    en: "there is a first row with column names, and nothing below it",
    da: "der er en første række med kolonnenavne og intet under den",
  },
  bad_encoding: { en: "the file is not in this encoding", da: "filen har ikke dette tegnsæt" },
  unknown_column: { en: "is not a column of the file", da: "er ikke en kolonne i filen" },
  mapped_twice: { en: "two columns become the same field", da: "to kolonner bliver til det samme felt" },
  not_importable: { en: "is not a field that can be imported", da: "er ikke et felt, der kan importeres" },
  required: { en: "is required", da: "skal udfyldes" },
  not_a_number: { en: "is not a number", da: "er ikke et tal" },
  not_a_date: { en: "is not a date", da: "er ikke en dato" },
  not_a_choice: { en: "is not one of the choices", da: "er ikke et af valgene" },
  not_yes_or_no: { en: "is neither yes nor no", da: "er hverken ja eller nej" },
  not_found: { en: "is not there, or you may not see it", da: "findes ikke, eller du må ikke se det" },
  ambiguous: { en: "fits more than one", da: "passer på mere end én" },
  beyond_own_rights: {
    en: "is beyond your own territories or level",
    da: "ligger uden for dine egne områder eller dit niveau",
  },
  forbidden: {
    en: "your access level does not allow adding this one",
    da: "dit adgangsniveau tillader ikke at tilføje denne",
  },
  own_ancestor: { en: "cannot be below itself", da: "kan ikke ligge under sig selv" },
  too_long: { en: "is too long", da: "er for lang" },
  not_text: { en: "contains characters that are not text", da: "indeholder tegn, der ikke er tekst" },
  exists: { en: "is there already", da: "findes allerede" },
  changed_since: { en: "was changed since the import and stays", da: "er ændret siden importen og bliver" },
  not_deleted: {
    en: "your access level does not allow deleting it; it stays",
    da: "dit adgangsniveau tillader ikke at slette den; den bliver",
  },
  right_lost: {
    en: "The right to do this was lost while it ran. Nothing was changed.",
    da: "Retten til dette gik tabt, mens det kørte. Intet blev ændret.",
  },
  failed: {
    en: "Something went wrong on our side. Nothing was changed; it can be tried again.",
    da: "Noget gik galt hos os. Intet blev ændret; det kan prøves igen.",
  },
} satisfies Record<string, Words>;
export type Reason = keyof typeof importWords;

export const reportWords = {
  row: { en: "Row", da: "Række" },
  field: { en: "Field", da: "Felt" },
  text: { en: "Text", da: "Tekst" },
  why: { en: "Why", da: "Hvorfor" },
} satisfies Record<string, Words>;

export function say(
  reason: Reason,
  language: keyof Words,
  values: Record<string, string | number> = {},
): string {
  return importWords[reason][language].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

export const userFieldWords = {
  fullName: { en: "Full name", da: "Fulde navn" },
  group: { en: "Group", da: "Gruppe" },
  territory: { en: "Territory", da: "Område" },
  level: { en: "Access level", da: "Adgangsniveau" },
} satisfies Record<string, Words>;
