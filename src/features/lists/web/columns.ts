import { useQueryClient, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ask, keys, savedView, type Field, type Module, type View } from "#ui/index.ts";
import { fieldNamed, fieldsOf, isNumeric } from "#features/fields/web/index.ts";
import { useListSearch } from "#features/address/web/index.ts";

const shippedMax = 7;

/** What a module shows before anybody chose: its listed fields, its name first, who is responsible last. */
export function shippedColumns(module: Module): string[] {
  const listed = module.fields.filter(
    (field) => field.listed && field.name !== module.titleField && field.type !== "longText",
  );
  const own = listed
    .map(({ name }) => name)
    .filter((name) => !["secondResponsible", "territory"].includes(name));
  const kept = [module.titleField, ...own.filter((name) => name !== "responsible").slice(0, shippedMax - 2)];
  return fieldNamed(module, "responsible") ? [...kept, "responsible"] : kept;
}

/** The columns and the order in force: the address first, then what the user saved, then what is shipped. */
export function useChosenView(module: Module) {
  const search = useListSearch();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: saved, isPending } = useQuery(savedView(module));
  const names = search.columns?.split(",") ?? saved?.columns ?? shippedColumns(module);
  const fields = names
    .map((name) => fieldNamed(module, name))
    .filter((field): field is Field => field !== undefined);
  const sort = search.sort ?? saved?.sort ?? module.defaultSort;
  const save = (view: View) => {
    client.setQueryData(keys.view(module.name), view);
    return ask("PUT", `/api/views/${module.name}`, { body: view });
  };
  const choose = async (columns: string[] | null, nextSort: string | null) => {
    await navigate({
      to: ".",
      search: (now) => ({ ...now, columns: columns?.join(","), sort: nextSort ?? undefined }),
      replace: true,
    });
    await save({ columns, sort: nextSort }).catch(() => undefined);
  };
  return {
    isPending,
    fields: withTitleFirst(module, fields),
    sort,
    chooseColumns: (columns: string[] | null) => void choose(columns, search.sort ?? saved?.sort ?? null),
    chooseSort: (next: string | null) =>
      void choose(search.columns?.split(",") ?? saved?.columns ?? null, next),
  };
}

export const columnCandidates = (module: Module): Field[] =>
  fieldsOf(module).filter((field) => field.name !== module.titleField && field.type !== "longText");

/** A phone has room for three: the name, what kind of thing it is, and its figure or date. */
export function phoneColumns(fields: Field[]): Field[] {
  const [title, ...others] = fields;
  const figure = others.find(
    (field) => isNumeric(field) || field.type === "date" || field.type === "dateTime",
  );
  const kind = others.find(({ type }) => type === "choice") ?? others.find((field) => field !== figure);
  return [title, kind, figure].filter((field): field is Field => field !== undefined);
}

function withTitleFirst(module: Module, fields: Field[]): Field[] {
  const title = fieldNamed(module, module.titleField);
  const others = fields.filter(({ name }) => name !== module.titleField);
  return title ? [title, ...others] : others;
}
