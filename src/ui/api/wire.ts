import type { Value } from "./shapes.ts";

/** Related records, users and territories are read as {id, name} and written as their id. */
export function toWire(values: Record<string, Value>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, wireValue(value)]));
}

function wireValue(value: Value): unknown {
  if (value === undefined || value === "") return null;
  return typeof value === "object" && value !== null ? value.id : value;
}

export function sameValue(one: Value, other: Value): boolean {
  return (wireValue(one) ?? null) === (wireValue(other) ?? null);
}
