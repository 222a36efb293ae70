import { createHash } from "node:crypto";
import { Refusal } from "#core/index.ts";

/** Where a page ended: the last row's sort value (null in the tail of empty values) and id. */
export type Cursor = { readonly value: string | number | null; readonly id: string };

/** A marker for the next page; it fits only the list it came from. */
export function cursorText(list: string, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([mark(list), cursor.value, cursor.id])).toString("base64url");
}

export function cursorOf(list: string, text: string): Cursor {
  try {
    const [of, value, id] = JSON.parse(Buffer.from(text, "base64url").toString()) as [
      unknown,
      unknown,
      unknown,
    ];
    const valid =
      of === mark(list) &&
      typeof id === "string" &&
      /^[\da-f-]{36}$/.test(id) &&
      (value === null || ["string", "number"].includes(typeof value));
    if (valid) return { value: value as Cursor["value"], id };
  } catch {
    // Falls through: whatever is not a marker of ours is treated alike.
  }
  throw new Refusal("cursor_expired", { field: "after" });
}

const mark = (list: string) => createHash("sha256").update(list).digest("base64url").slice(0, 10);
