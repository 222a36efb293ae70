import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  ask,
  isUnread,
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
import { FindSelect } from "./find-select.tsx";
import type { InputProps } from "./field-input.tsx";
import { fieldWords } from "./fields.words.ts";

const suggestions = 20;

type Props = InputProps & { module: string; of: string | undefined };

/** Finds a record by its name as one types, among those the reader may see: any but `of`, which leads to it. */
export function RelationSelect({ module: name, of, value, ...shown }: Props) {
  const say = useWords(fieldWords);
  const module = useModule(name);
  const [typed, setTyped] = useState(isUnread(value) ? value.name : "");
  const [sought] = useDebouncedValue(typed, 150);
  const { data: found = [] } = useQuery({ ...candidates(module, sought), enabled: module !== undefined });
  return (
    <FindSelect
      {...shown}
      value={value}
      options={found.filter(({ id }) => id !== of)}
      onTyped={setTyped}
      select={{ placeholder: say.typeToFind, filter: ({ options }) => options }}
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
