import { z } from "zod";
import { query, scopeOf, type Action } from "#core/index.ts";
import { listStages, type Stage } from "#modules/index.ts";
import { fieldsOf, type Field, type Module } from "#records/index.ts";

type Described = { modules: unknown[] };

/** The modules a level may view, with their fields and words: all a list, a form or an import needs to know. */
export function describeModules(modules: readonly Module[]): Action<Record<string, never>, Described> {
  return query({
    name: "module.list",
    summary: "The modules the asker may view, with fields, limits, choices and words.",
    input: z.strictObject({}),
    output: z.object({
      modules: z.array(
        z.object({
          name: z.string(),
          path: z.string(),
          fields: z.array(z.object({ name: z.string(), type: z.string() })),
        }),
      ),
    }),
    run: async ({ db, actor }) => {
      const stages = await listStages(db);
      const visible = modules.filter((module) => scopeOf(actor, module.name, "view") !== "none");
      return {
        modules: visible.map((module) => ({
          ...module,
          fields: fieldsOf(module).map((field) => described(field, stages)),
        })),
      };
    },
  });
}

function described(field: Field, stages: readonly Stage[]) {
  const choices =
    field.type !== "choice"
      ? undefined
      : field.choices === "stages"
        ? stages.map(({ key, ...stage }) => ({ value: key, ...stage }))
        : field.choices;
  return {
    ...field,
    required: field.required === true,
    readOnly: field.readOnly === true,
    listed: field.listed === true,
    sortable: field.sortable === true,
    filterable: true,
    ...(choices === undefined ? {} : { choices }),
  };
}
