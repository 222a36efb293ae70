import { z } from "zod";
import { uuidText } from "#core/index.ts";
import { states, type TakeBack } from "./journal.store.ts";
import { reasons } from "./reasons.ts";

export const takeBackId = uuidText();

export const takeBackOutput = z.object({
  id: takeBackId,
  moment: z.object({ id: z.string(), at: z.string() }),
  module: z.string().nullable(),
  state: z.enum(states),
  wanted: z.int(),
  done: z.int(),
  taken: z.int(),
  refused: z.int(),
  undone: z.int(),
  createdAt: z.string(),
  error: z.string().optional(),
});
export type ShownTakeBack = z.infer<typeof takeBackOutput>;

const reason = z.enum(reasons).nullable();
export const entryOutput = z.object({
  seq: z.int(),
  module: z.string(),
  id: z.string(),
  name: z.string(),
  /** Why it was not taken back; null when it was. */
  reason,
  field: z.string().nullable(),
  undone: z.boolean(),
  keptBecause: reason,
});

export function shownTakeBack({ momentId, momentAt, error, ...rest }: TakeBack): ShownTakeBack {
  return { ...rest, moment: { id: momentId, at: momentAt }, ...(error === null ? {} : { error }) };
}
