import { z } from "zod";
import { fieldsOf, type Field, type Module } from "./definition.ts";

const named = (id: z.ZodType) => z.object({ id, name: z.string() }).nullable();

/** The record as the API answers it, for its description. */
export function recordOutput(module: Module) {
  return z.object({
    id: z.uuid(),
    version: z.int(),
    deletedAt: z.string().nullable(),
    ...Object.fromEntries(fieldsOf(module).map((field) => [field.name, outputOf(field)])),
  });
}

/** A record by itself says besides what the asker may do with it. */
export const shownOutput = (module: Module) =>
  recordOutput(module).extend({
    may: z.object({
      edit: z.boolean(),
      delete: z.boolean(),
      reassign: z.boolean(),
      export: z.boolean(),
      restore: z.boolean(),
    }),
  });

export const pageOutput = (item: z.ZodType) =>
  z.object({ items: z.array(item), next: z.string().nullable() });

function outputOf(field: Field): z.ZodType {
  switch (field.type) {
    case "integer":
    case "decimal":
    case "money":
      return z.number().nullable();
    case "yesNo":
      return z.boolean().nullable();
    case "relation":
      return named(z.uuid());
    case "user":
    case "territory":
      return named(z.int());
    default:
      return z.string().nullable();
  }
}
