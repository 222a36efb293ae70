import { queryOptions } from "@tanstack/react-query";
import { ask } from "./ask.ts";
import { keys } from "./keys.ts";
import type { LevelName, Module, NamedNumber, Rights } from "./shapes.ts";

export type Territory = NamedNumber & { parent: number | null; version?: number };
export type Group = NamedNumber & { version?: number };
export type Level = LevelName & { rights: Rights; permissions: string[] };

const rarelyChanged = 5 * 60_000;

export const allModules = queryOptions({
  queryKey: keys.modules,
  queryFn: () => ask<{ modules: Module[] }>("GET", "/api/modules").then((answer) => answer.modules),
  staleTime: Infinity,
});

export const allPeople = queryOptions({
  queryKey: keys.people,
  queryFn: () => ask<{ items: NamedNumber[] }>("GET", "/api/people").then((answer) => answer.items),
  staleTime: rarelyChanged,
});

export const allTerritories = queryOptions({
  queryKey: keys.territories,
  queryFn: () =>
    ask<{ items: Territory[] }>("GET", "/api/territories").then((answer) => answer.items.map(withParentId)),
  staleTime: rarelyChanged,
});

export const allGroups = queryOptions({
  queryKey: keys.groups,
  queryFn: () => ask<{ items: Group[] }>("GET", "/api/groups").then((answer) => answer.items),
  staleTime: rarelyChanged,
});

export const allLevels = queryOptions({
  queryKey: keys.levels,
  queryFn: () => ask<{ items: Level[] }>("GET", "/api/levels").then((answer) => answer.items),
  staleTime: rarelyChanged,
});

/** The parent may come as an id or as {id, name}. */
function withParentId(
  territory: NamedNumber & { parent?: number | NamedNumber | null; version?: number },
): Territory {
  const { parent } = territory;
  return { ...territory, parent: typeof parent === "object" && parent ? parent.id : (parent ?? null) };
}
