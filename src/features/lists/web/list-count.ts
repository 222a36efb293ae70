import { useQuery } from "@tanstack/react-query";
import { recordCount, useFormats, useSession, useWords, type Filter, type Module } from "#ui/index.ts";
import { listWords } from "./lists.words.ts";

/** How many there are, and, said quietly, what narrows them: "85 · in your territories". */
export function useListCount(module: Module, filter: Filter | undefined, bin = false): string | undefined {
  const say = useWords(listWords);
  const formats = useFormats();
  const session = useSession();
  const { data } = useQuery(recordCount(module, { filter, ...(bin && { bin }) }));
  if (!data) return undefined;
  const number = formats.number(data.count);
  const parts = [data.exact ? number : say.about(number)];
  for (const [currency, sum] of Object.entries(data.totals ?? {}))
    parts.push(formats.money(Math.round(sum), currency));
  const scope = session.rights[module.name]?.view;
  if (session.user.territories.length > 0) parts.push(say.inTerritories);
  if (scope === "own") parts.push(say.own);
  if (scope === "group") parts.push(say.inGroups);
  return parts.join(" · ");
}
