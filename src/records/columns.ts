import { Refusal } from "#core/index.ts";
import { fieldsOf, type Field, type Module } from "./definition.ts";

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const refersTo = new Set<Field["type"]>(["relation", "user", "territory"]);

// Asked for every field of every row, so each name is worked out once.
const columns = new WeakMap<Field, string>();

/** The column of the module's table that holds a field: "officeLocation" → office_location, relations end in _id. */
export function columnOf(field: Field): string {
  const known = columns.get(field);
  if (known !== undefined) return known;
  const column = refersTo.has(field.type) ? `${snake(field.name)}_id` : snake(field.name);
  columns.set(field, column);
  return column;
}

/** The field of that name, or a refusal naming the parameter it was asked in. */
export function getField(module: Module, name: unknown, parameter: string): Field {
  const found = fieldsOf(module).find((field) => field.name === name);
  if (found === undefined) throw invalid(parameter, "unknown_field", `${spelled(name)} ?`);
  return found;
}

/** What somebody asked for by a name; what is no text has none, and may be anything. */
export const spelled = (name: unknown): string =>
  typeof name === "string" ? name.slice(0, 60) : typeof name;

export function invalid(field: string, code: string, message: string): Refusal {
  return new Refusal("invalid_input", { field, issues: [{ field, code, message }] });
}
