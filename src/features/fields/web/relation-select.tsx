import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  ask,
  useModule,
  useWords,
  withQuery,
  type CrmRecord,
  type Found,
  type Module,
  type Named,
  type Page,
} from "#ui/index.ts";
import { nameOf } from "./field-kinds.ts";
import type { InputProps } from "./field-input.tsx";
import { fieldWords } from "./fields.words.ts";

const suggestions = 20;

/** Finds a record of another module by its name as one types, among those the reader may see. */
export function RelationSelect({ module: name, value, onChange, ...shown }: InputProps & { module: string }) {
  const say = useWords(fieldWords);
  const module = useModule(name);
  const chosen = typeof value === "object" && value ? value : null;
  const [typed, setTyped] = useState(chosen?.name ?? "");
  const [sought] = useDebouncedValue(typed === chosen?.name ? "" : typed, 150);
  const { data: found = [] } = useQuery({ ...candidates(module, sought), enabled: module !== undefined });
  const options = chosen && !found.some(({ id }) => id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      {...shown}
      searchable
      clearable
      placeholder={say.typeToFind}
      nothingFoundMessage={say.noMatch}
      filter={({ options }) => options}
      data={options.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={chosen ? String(chosen.id) : null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(next) => onChange(options.find(({ id }) => String(id) === next) ?? null)}
    />
  );
}

export const candidates = (module: Module | undefined, sought: string) =>
  queryOptions({
    queryKey: ["candidates", module?.name, sought],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Named[]> => {
      if (!module) return [];
      if (sought.trim()) {
        const path = withQuery("/api/search", { q: sought.trim(), module: module.name, limit: suggestions });
        const answer = await ask<{ items: Found[] }>("GET", path, { signal });
        return answer.items.map(({ id, name }) => ({ id, name }));
      }
      const first = withQuery(`/api/${module.path}`, { limit: suggestions, columns: module.titleField });
      const page = await ask<Page<CrmRecord>>("GET", first, { signal });
      return page.items.map((record) => ({ id: record.id, name: nameOf(record[module.titleField]) }));
    },
  });
