import { z } from "zod";
import { Refusal } from "#core/index.ts";

/** Where a page of a timeline ended: the last change, and the time and id of the last activity. */
export type Mark = z.infer<typeof shape>;

const shape = z.strictObject({
  seq: z.int().min(1).nullable(),
  at: z.iso.datetime().nullable(),
  id: z.uuid().nullable(),
});
const start: Mark = { seq: null, at: null, id: null };

export const markText = (mark: Mark): string => Buffer.from(JSON.stringify(mark)).toString("base64url");

export function markOf(text: string | undefined): Mark {
  if (text === undefined) return start;
  try {
    return shape.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    throw new Refusal("cursor_expired", { field: "after" });
  }
}
