import { useQueries, useQuery } from "@tanstack/react-query";
import { allPeople, allTerritories, oneRecord, useLanguage, useModule, type Field } from "#ui/index.ts";
import { nameOf } from "#features/fields/web/index.ts";

export type Option = { value: string; label: string };

/** The names of what a condition picks: choices in the reader's language, people, territories, related records. */
export function useNames(field: Field | undefined, picked: unknown[]): Option[] {
  const language = useLanguage();
  const related = useModule(field?.module ?? "");
  const people = useQuery({ ...allPeople, enabled: field?.type === "user" });
  const territories = useQuery({ ...allTerritories, enabled: field?.type === "territory" });
  const ids = field?.type === "relation" && related ? picked.map(String) : [];
  const records = useQueries({ queries: related ? ids.map((id) => oneRecord(related, id)) : [] });
  if (field?.type === "choice") {
    return (field.choices ?? []).map((choice) => ({ value: choice.value, label: choice.words[language] }));
  }
  if (field?.type === "user")
    return (people.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  if (field?.type === "territory") {
    return (territories.data ?? []).map(({ id, name }) => ({ value: String(id), label: name }));
  }
  return ids.map((id, index) => ({
    value: id,
    label: nameOf(records[index]?.data?.[related?.titleField ?? ""]) || "…",
  }));
}

/** Users and territories have numbers for ids; everything else is text. */
export function idsOf(field: Field, values: string[]): (string | number)[] {
  return field.type === "user" || field.type === "territory" ? values.map(Number) : values;
}
