import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { ask, keys, type Language } from "#ui/index.ts";

export type User = {
  id: number;
  name: string;
  fullName: string;
  email: string | null;
  level: number | { number: number };
  homeTerritory: number | { id: number } | null;
  territories: (number | { id: number })[];
  groups: (number | { id: number })[];
  language: Language;
  active: boolean;
  blockedAt: string | null;
  openSessions: number;
  version: number;
  lastSignInAt: string | null;
};

export type UserChanges = {
  name?: string;
  fullName: string;
  email: string | null;
  level: number;
  homeTerritory: number | null;
  territories: number[];
  groups: number[];
  language: Language;
  active?: boolean;
};

export const levelOf = ({ level }: User): number => (typeof level === "number" ? level : level.number);
export const idOf = (named: number | { id: number }): number =>
  typeof named === "number" ? named : named.id;

export const allUsers = queryOptions({
  queryKey: keys.users,
  queryFn: () => ask<{ items: User[] }>("GET", "/api/users").then(({ items }) => items),
});

/** Creating gives the generated password, which is never shown again. */
export function useSaveUser(user: User | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (changes: UserChanges): Promise<{ user: User; password?: string }> => {
      if (!user) return ask("POST", "/api/users", { body: changes });
      // The name to sign in with stays, and each chooses his own language.
      const { name: _name, language: _language, ...rest } = changes;
      return {
        user: await ask<User>("PATCH", `/api/users/${user.id}`, { body: rest, version: user.version }),
      };
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.users });
      await client.invalidateQueries({ queryKey: keys.people });
    },
  });
}
