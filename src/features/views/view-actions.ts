import { z } from "zod";
import { command, query, rawText, type Action } from "#core/index.ts";
import { routes, type RouteTable } from "#platform/http/index.ts";
import { getField, type Module } from "#records/index.ts";
import { findView, saveView, type SavedView } from "./view.store.ts";

const output = z.object({ columns: z.array(z.string()).nullable(), sort: z.string().nullable() });

/** Each user's own choice of columns and order of a list. */
export function viewRoutes(modules: readonly Module[]): RouteTable {
  const named = z.enum(modules.map((module) => module.name));
  const show: Action<{ module: string }, SavedView> = query({
    name: "view.show",
    summary: "The user's own columns and order of a list.",
    input: z.strictObject({ module: named }),
    output,
    run: ({ db, actor, input }) => findView(db, actor.userId, input.module),
  });
  const save = command({
    name: "view.save",
    summary: "Keeps the user's own columns and order of a list.",
    input: z.strictObject({
      module: named,
      columns: z.array(rawText(60)).max(60).nullable(),
      sort: rawText(60).nullable(),
    }),
    output,
    again: ({ db, actor, input }) => findView(db, actor.userId, input.module),
    run: async ({ db, actor, input: { module: name, ...view } }) => {
      const module = modules.find((each) => each.name === name) as Module;
      for (const column of view.columns ?? []) getField(module, column, "columns");
      if (view.sort !== null) getField(module, view.sort.replace(/^-/, ""), "sort");
      await saveView(db, actor.userId, name, view);
      return view;
    },
  });
  return routes({ "GET /views/:module": show, "PUT /views/:module": save });
}
