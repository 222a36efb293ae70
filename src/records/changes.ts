import { columnOf } from "./columns.ts";
import { fieldsOf, type Module } from "./definition.ts";

/** What a change was, as the audit log keeps it: references by id, so that reading it asks for sight of them again. */
export type FieldChange = { field: string; before: unknown; after: unknown };

export function changesBetween(
  module: Module,
  before: Record<string, unknown> | undefined,
  values: Record<string, unknown>,
): FieldChange[] {
  return fieldsOf(module).flatMap((field) => {
    const column = columnOf(field);
    if (!(column in values)) return [];
    const [old, now] = [before?.[column] ?? null, values[column] ?? null];
    return old === now ? [] : [{ field: field.name, before: old, after: now }];
  });
}
