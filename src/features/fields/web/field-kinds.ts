import type { CrmRecord, Field, InLanguages, Module, Value } from "#ui/index.ts";

/** Years are integers, but nobody writes them with a thousands separator. */
export const isYear = (field: Field): boolean =>
  field.type === "integer" &&
  (/year/i.test(field.name) || ((field.min ?? 0) >= 1000 && (field.max ?? 1e9) <= 9999));

export const isNumeric = (field: Field): boolean => ["integer", "decimal", "money"].includes(field.type);

const both = (en: string, da: string): InLanguages => ({ en, da });
const ofEveryRecord = (name: string, type: Field["type"], words: InLanguages): Field => ({
  name,
  type,
  words,
  required: false,
  readOnly: true,
  listed: true,
  sortable: false,
  filterable: true,
});

const standing: Field[] = [
  ofEveryRecord("responsible", "user", both("Responsible", "Ansvarlig")),
  ofEveryRecord("secondResponsible", "user", both("Second responsible", "Medansvarlig")),
  ofEveryRecord("territory", "territory", both("Territory", "Område")),
];

/** A module's own fields, then those every record has, unless the server lists them itself. */
export function fieldsOf(module: Module): Field[] {
  const named = new Set(module.fields.map(({ name }) => name));
  return [...module.fields, ...standing.filter(({ name }) => !named.has(name))];
}

export const fieldNamed = (module: Module, name: string): Field | undefined =>
  fieldsOf(module).find((field) => field.name === name);

export function titleOf(module: Module, record: CrmRecord): string {
  return nameOf(record[module.titleField]) || "–";
}

export function nameOf(value: Value): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? value.name : String(value);
}
