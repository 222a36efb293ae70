import { useQuery } from "@tanstack/react-query";
import { allPeople, allTerritories, useWords, type Territory } from "#ui/index.ts";
import type { InputProps } from "./field-input.tsx";
import { fieldWords } from "./fields.words.ts";
import { FindSelect } from "./find-select.tsx";

export function PersonSelect(given: InputProps) {
  const say = useWords(fieldWords);
  const { data = [] } = useQuery(allPeople);
  return <FindSelect {...given} options={data} select={{ placeholder: say.nobody }} />;
}

export function TerritorySelect(given: InputProps) {
  const { data = [] } = useQuery(allTerritories);
  return <FindSelect {...given} options={asTree(data)} />;
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
