import { useMantineColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { folded, may, useLanguage, useModules, useSession, useWords } from "#ui/index.ts";
import { searchWords } from "./search.words.ts";

export type Entry = { label: string; run: () => void };
export type Outside = { onShortcuts: () => void; onSignOut: () => void };

/** The pages this user may open and the things he may do from anywhere. */
export function usePaletteEntries({ onShortcuts, onSignOut }: Outside): { pages: Entry[]; actions: Entry[] } {
  const say = useWords(searchWords);
  const language = useLanguage();
  const session = useSession();
  const modules = useModules();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const permitted = (permission: string, entry: Entry) =>
    session.permissions.includes(permission) ? [entry] : [];
  const pages: Entry[] = [
    { label: say.home, run: () => void navigate({ to: "/" }) },
    ...modules.map((module) => ({
      label: module.words[language].many,
      run: () => void navigate({ to: "/$module", params: { module: module.path }, search: {} }),
    })),
    {
      label: say.board,
      run: () =>
        void navigate({ to: "/$module", params: { module: "opportunities" }, search: { view: "board" } }),
    },
    ...permitted("import", { label: say.imports, run: () => void navigate({ to: "/import" }) }),
    ...permitted("bin", { label: say.bin, run: () => void navigate({ to: "/bin" }) }),
    { label: say.moments, run: () => void navigate({ to: "/moments" }) },
    { label: say.account, run: () => void navigate({ to: "/account" }) },
    ...permitted("users", { label: say.administration, run: () => void navigate({ to: "/administration" }) }),
  ];
  const creatable = modules.filter((module) => may(session, module.name, "create"));
  const actions: Entry[] = [
    ...creatable.map((module) => ({
      label: say.newOf(module.words[language].one.toLowerCase()),
      run: () => void navigate({ to: ".", search: (now) => ({ ...now, create: { module: module.name } }) }),
    })),
    { label: say.light, run: () => setColorScheme("light") },
    { label: say.dark, run: () => setColorScheme("dark") },
    { label: say.shortcuts, run: onShortcuts },
    { label: say.signOut, run: onSignOut },
  ];
  return { pages, actions };
}

/** Those that fit what is typed, the closest first: the same words, their beginning, the beginning of a word in them. */
export function fitting(entries: readonly Entry[], typed: string): Entry[] {
  const sought = folded(typed.trim());
  const closeness = ({ label }: Entry) => {
    const name = folded(label);
    if (name === sought) return 0;
    if (name.startsWith(sought)) return 1;
    return name.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(sought)) ? 2 : 3;
  };
  return entries
    .filter(({ label }) => folded(label).includes(sought))
    .toSorted((one, other) => closeness(one) - closeness(other));
}

/** Whether it is what was meant: its whole name was typed. */
export const isNamed = ({ label }: Entry, typed: string): boolean => folded(label) === folded(typed.trim());
