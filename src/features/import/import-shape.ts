import { z } from "zod";
import { rawText, uuidText } from "#core/index.ts";
import { dateOrders, decimals, delimiters, encodings } from "./dialect.ts";

export const dialectShape = z.strictObject({
  encoding: z.enum(encodings),
  delimiter: z.enum(delimiters),
  dateOrder: z.enum(dateOrders),
  decimal: z.enum(decimals),
});

const name = rawText(300);

export const mappingShape = z.record(name, rawText(60).nullable());

/** Names to use instead of what the file says, said once per text. */
export const correctionsShape = z
  .record(rawText(60), z.record(name, name))
  .refine(
    (all) => Object.values(all).reduce((sum, each) => sum + Object.keys(each).length, 0) <= 2000,
    "2000",
  );

export const importId = uuidText();

const problem = z.object({ field: z.string(), code: z.string(), message: z.string() });

export const importOutput = z.object({
  id: importId,
  module: z.string(),
  fileName: z.string(),
  state: z.enum(["mapping", "waiting", "running", "done", "failed", "undoing", "undone"]),
  dialect: dialectShape,
  columns: z.array(z.object({ name: z.string(), samples: z.array(z.string()) })),
  mapping: mappingShape,
  corrections: z.record(z.string(), z.record(z.string(), z.string())),
  rows: z.int(),
  done: z.int(),
  created: z.int(),
  refused: z.int(),
  createdAt: z.string(),
  by: z.object({ id: z.int(), name: z.string() }),
  preview: z.array(
    z.object({ row: z.int(), values: z.record(z.string(), z.string()), problems: z.array(problem) }),
  ),
  error: z.string().optional(),
});
export type Import = z.infer<typeof importOutput>;

export const checkOutput = z.object({
  rows: z.int(),
  wouldCreate: z.int(),
  refused: z.int(),
  unmatched: z.array(
    z.object({ field: z.string(), text: z.string(), rows: z.int(), suggestions: z.array(z.string()) }),
  ),
  problems: z.array(problem.extend({ row: z.int(), text: z.string() })),
});
export type Check = z.infer<typeof checkOutput>;
