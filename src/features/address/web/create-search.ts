import { useSearch } from "@tanstack/react-router";
import type { Value } from "#ui/index.ts";

/** A record being created, over whatever page one stands on. `values` are those given from there. */
export type CreateSearch = { create?: { module: string; values?: Record<string, Value> } };

export function validateCreateSearch({ create }: Record<string, unknown>): CreateSearch {
  if (typeof create !== "object" || create === null || !("module" in create)) return {};
  const values =
    "values" in create && typeof create.values === "object" ? (create.values as Record<string, Value>) : {};
  return { create: { module: String(create.module), values } };
}

export const useCreateSearch = (): CreateSearch => useSearch({ strict: false }) as CreateSearch;
