import { z } from "zod";
import { query, rawText, scopeOf, type Action } from "#core/index.ts";
import type { Module } from "#records/index.ts";
import { searchVisible, type Hit } from "./search.store.ts";

const input = z.strictObject({
  q: rawText(200),
  module: rawText(40).optional(),
  limit: z.coerce.number().int().min(1).max(50).default(20),
});

/** Search as you type, over everything the asker may see. */
export function searchRecords(modules: readonly Module[]): Action<z.infer<typeof input>, { items: Hit[] }> {
  return query({
    name: "search",
    summary: "Records with words that begin as asked, in every module the asker may view.",
    input,
    output: z.object({
      items: z.array(
        z.object({ module: z.string(), id: z.uuid(), name: z.string(), detail: z.string().nullable() }),
      ),
    }),
    run: async ({ db, actor, input: { q, module: only, limit } }) => {
      const asked = modules.filter(
        (module) =>
          (only === undefined || module.name === only) && scopeOf(actor, module.name, "view") !== "none",
      );
      if (asked.length === 0) return { items: [] };
      return { items: await searchVisible(db, actor, asked, q, limit) };
    },
    audited: ({ q, module }, { items }) => ({
      ...(module === undefined ? {} : { module }),
      detail: { q, rows: items.length },
    }),
  });
}
