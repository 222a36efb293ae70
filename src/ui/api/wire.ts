import type { Named, Value } from "./shapes.ts";

/** Related records, users and territories are read as {id, name} and written as their id. */
export function toWire(values: Record<string, Value>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, wireValue(value)]));
}

/** Something typed that is not understood. It stays where it was typed until it is mended or taken away. */
export const unread = (typed: string): Named => ({ id: "", name: typed, unread: true });

export const isUnread = (value: unknown): value is Named & { unread: true } =>
  typeof value === "object" && value !== null && (value as Named).unread === true;

function wireValue(value: Value): unknown {
  if (value === undefined || value === "") return null;
  if (isUnread(value)) return value.name;
  return typeof value === "object" && value !== null ? value.id : value;
}

export function sameValue(one: Value, other: Value): boolean {
  return (wireValue(one) ?? null) === (wireValue(other) ?? null);
}
