import { queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { createContext, use } from "react";
import { ApiError, ask } from "../api/ask.ts";
import { allModules } from "../api/directory.ts";
import { keys } from "../api/keys.ts";
import type { CrmRecord, Module, Session, Verb } from "../api/shapes.ts";

export const SessionContext = createContext<Session | null>(null);

/** Null when nobody is signed in. */
export const currentSession = queryOptions({
  queryKey: keys.session,
  queryFn: async ({ signal }) => {
    try {
      return await ask<Session>("GET", "/api/session", { signal });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error("A signed-in page stands outside the session.");
  return session;
}

export function useModules(): Module[] {
  return useSuspenseQuery(allModules).data;
}

export function useModule(path: string): Module | undefined {
  return useModules().find((module) => module.path === path || module.name === path);
}

export const may = (session: Session, module: string, verb: Verb): boolean =>
  (session.rights[module]?.[verb] ?? "none") !== "none";

type OnRecord = "edit" | "delete" | "reassign" | "export" | "restore";

/**
 * What may be offered on this record: what the server says of it, else (of a row of a list) what the rights say.
 * "group" cannot be judged from them, so there the server has the last word.
 */
export function mayOn(session: Session, module: string, verb: OnRecord, record: CrmRecord): boolean {
  const said = record["may"] as unknown as Partial<Record<OnRecord, boolean>> | undefined;
  if (said?.[verb] !== undefined) return said[verb];
  if (verb === "restore") return session.permissions.includes("bin");
  const scope = session.rights[module]?.[verb] ?? "none";
  if (scope !== "own") return scope !== "none";
  return [record.responsible?.id, record.secondResponsible?.id].includes(session.user.id);
}
