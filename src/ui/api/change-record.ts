import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ask } from "./ask.ts";
import { cachedRecord, refreshAround, showRecord } from "./record-cache.ts";
import type { CrmRecord, Module, Value } from "./shapes.ts";

export type Change = { id: string; changes: Record<string, Value>; version?: number };

/**
 * Changes fields of a record. The new values are shown at once and taken back if the server refuses.
 * Changes of one record run one after the other, so that each builds on the version before it.
 */
export function useChangeRecord(module: Module, recordId: string) {
  const client = useQueryClient();
  return useMutation({
    scope: { id: `${module.name}:${recordId}` },
    mutationFn: ({ id, changes, version }: Change) =>
      ask<CrmRecord>("PATCH", `/api/${module.path}/${id}`, {
        body: toWire(changes),
        version: version ?? cachedRecord(client, module.name, id)?.version ?? 0,
      }),
    onMutate: ({ id, changes }) => {
      const known = cachedRecord(client, module.name, id);
      const before = Object.fromEntries(Object.keys(changes).map((field) => [field, known?.[field] ?? null]));
      showRecord(client, module.name, id, changes);
      return { before };
    },
    onError: (_error, { id }, shown) => {
      if (shown) showRecord(client, module.name, id, shown.before);
    },
    onSuccess: async (record) => {
      showRecord(client, module.name, record.id, record);
      await refreshAround(client, module.name, record.id);
    },
  });
}

/** Related records, users and territories are read as {id, name} and written as their id. */
export function toWire(values: Record<string, Value>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([field, value]) => [field, wireValue(value)]));
}

export function wireValue(value: Value): unknown {
  if (value === undefined || value === "") return null;
  return typeof value === "object" && value !== null ? value.id : value;
}

export function sameValue(one: Value, other: Value): boolean {
  return (wireValue(one) ?? null) === (wireValue(other) ?? null);
}
