import { useLanguage, useModule, useWords } from "#ui/index.ts";
import { fieldsOf } from "#features/fields/web/index.ts";
import { importWords, userFieldWords } from "./import.words.ts";

export type Target = { name: string; label: string; required: boolean };

const written = new Set(["responsible", "secondResponsible", "territory"]);

/** What a column of the file can become. Users are no module, so their fields stand here. */
export function useTargets(moduleName: string): Target[] {
  const language = useLanguage();
  const module = useModule(moduleName);
  const sayUser = useWords(userFieldWords);
  if (!module) {
    const names = Object.keys(sayUser) as (keyof typeof sayUser)[];
    return names.map((name) => ({ name, label: sayUser[name], required: name === "fullName" }));
  }
  return fieldsOf(module)
    .filter(({ name, readOnly }) => !readOnly || written.has(name))
    .map(({ name, words, required }) => ({ name, label: words[language], required }));
}

export function useImportName(moduleName: string): string {
  const language = useLanguage();
  const say = useWords(importWords);
  return useModule(moduleName)?.words[language].many ?? say.users;
}
