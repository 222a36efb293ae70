import "@mantine/spotlight/styles.layer.css";
import { Spotlight, type SpotlightStore } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  ask,
  useLanguage,
  useModules,
  useWords,
  withQuery,
  type Found,
  type Language,
  type Module,
} from "#ui/index.ts";
import { fitting, isNamed, usePaletteEntries, type Entry, type Outside } from "./palette-entries.ts";
import { searchWords } from "./search.words.ts";
import { useFirstResult } from "./use-first-result.ts";

type Group = { label: string; entries: Entry[] };

const foundMax = 12;
const shownMax = 8;

/** One box for everything: records as one types, pages to go to, things to do. */
export default function Palette({ store, ...outside }: Outside & { store: SpotlightStore }) {
  const say = useWords(searchWords);
  const [typed, setTyped] = useState("");
  const [sought] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery({
    queryKey: ["search", sought],
    queryFn: ({ signal }) =>
      ask<{ items: Found[] }>("GET", withQuery("/api/search", { q: sought, limit: foundMax }), { signal }),
    enabled: sought.length > 0,
    placeholderData: keepPreviousData,
  });
  const records = typed.trim() ? (found.data?.items ?? []) : [];
  const { pages, actions } = usePaletteEntries(outside);
  const groups = [
    { label: say.pages, entries: fitting(pages, typed) },
    { label: say.actions, entries: fitting(actions, typed) },
  ].filter(({ entries }) => entries.length > 0);
  // A page or a deed called by its whole name comes before records that have the word somewhere.
  const named = groups.filter(({ entries: [first] }) => first && isNamed(first, typed));
  const others = groups.filter((group) => !named.includes(group));
  const settled = sought === typed.trim() && !found.isFetching;
  const { list, onKeyDown } = useFirstResult(store, settled);
  const nothing = records.length === 0 && groups.length === 0;
  return (
    <Spotlight.Root
      store={store}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      scrollable
      maxHeight={440}
      size={600}
      overlayProps={{ blur: 0, backgroundOpacity: 0.25 }}
    >
      <Spotlight.Search
        placeholder={say.placeholder}
        aria-label={say.placeholder}
        onKeyDownCapture={onKeyDown}
      />
      <Spotlight.ActionsList ref={list}>
        {nothing && <Spotlight.Empty>{settled ? say.nothing : say.searching}</Spotlight.Empty>}
        {named.map(drawn)}
        {records.length > 0 && <Records records={records} />}
        {others.map(drawn)}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}

const drawn = ({ label, entries }: Group) => (
  <Spotlight.ActionsGroup key={label} label={label}>
    {entries.slice(0, shownMax).map((entry) => (
      <Spotlight.Action key={entry.label} label={entry.label} onClick={entry.run} />
    ))}
  </Spotlight.ActionsGroup>
);

function Records({ records }: { records: Found[] }) {
  const say = useWords(searchWords);
  const language = useLanguage();
  const navigate = useNavigate();
  const modules = useModules();
  return (
    <Spotlight.ActionsGroup label={say.records}>
      {records.map(({ id, module: name, name: title, detail }) => {
        const module = modules.find((one) => one.name === name);
        return (
          module && (
            <Spotlight.Action
              key={id}
              label={title}
              description={[module.words[language].one, spoken(module, detail, language)]
                .filter(Boolean)
                .join(" · ")}
              onClick={() => void navigate({ to: "/$module/$id", params: { module: module.path, id } })}
            />
          )
        );
      })}
    </Spotlight.ActionsGroup>
  );
}

/** A detail may be a choice's value, such as a stage; people read its word. */
function spoken(module: Module, detail: string | null | undefined, language: Language): string {
  const choices = module.fields.flatMap((field) => field.choices ?? []);
  return choices.find(({ value }) => value === detail)?.words[language] ?? detail ?? "";
}
