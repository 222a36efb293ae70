import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { allPeople, allTerritories, useWords, type NamedNumber, type Territory } from "#ui/index.ts";
import type { InputProps } from "./field-input.tsx";
import { fieldWords } from "./fields.words.ts";

export function PersonSelect({ value, onChange, ...shown }: InputProps) {
  const say = useWords(fieldWords);
  const { data = [] } = useQuery(allPeople);
  return <NamedSelect {...shown} value={value} onChange={onChange} options={data} placeholder={say.nobody} />;
}

export function TerritorySelect({ value, onChange, ...shown }: InputProps) {
  const { data = [] } = useQuery(allTerritories);
  return <NamedSelect {...shown} value={value} onChange={onChange} options={asTree(data)} />;
}

type Props = InputProps & { options: (NamedNumber & { depth?: number })[]; placeholder?: string };

function NamedSelect({ value, onChange, options, ...shown }: Props) {
  const say = useWords(fieldWords);
  const chosen = typeof value === "object" && value ? value : null;
  const known =
    chosen && !options.some(({ id }) => id === chosen.id)
      ? [{ id: Number(chosen.id), name: chosen.name }]
      : [];
  const all: (NamedNumber & { depth?: number })[] = [...options, ...known];
  return (
    <Select
      {...shown}
      searchable
      clearable
      nothingFoundMessage={say.noMatch}
      data={all.map(({ id, name, depth = 0 }) => ({
        value: String(id),
        label: `${"  ".repeat(depth)}${name}`,
      }))}
      value={chosen ? String(chosen.id) : null}
      onChange={(next) => onChange(all.find(({ id }) => String(id) === next) ?? null)}
    />
  );
}

/** Parents before their children, each with how deep it stands. */
export function asTree(territories: Territory[]): (Territory & { depth: number })[] {
  const known = new Set(territories.map(({ id }) => id));
  const isRoot = ({ parent }: Territory) => parent === null || !known.has(parent);
  const below = (parents: Territory[], depth: number): (Territory & { depth: number })[] =>
    parents.flatMap((parent) => [
      { ...parent, depth },
      ...below(
        territories.filter((child) => child.parent === parent.id),
        depth + 1,
      ),
    ]);
  return below(territories.filter(isRoot), 0);
}
