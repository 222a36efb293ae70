import { may, type Placed } from "#access/index.ts";
import type { Field } from "#records/index.ts";
import type { Related } from "./look-up.store.ts";
import { isSelf, textOf, type Filled, type Plan } from "./plan.ts";
import { fault, isFault, type Fault, type Value } from "./read-cell.ts";
import type { FileRow } from "./read-rows.ts";

/** A row that can become a record: its values by the place of their field in the plan, and where the record will stand. */
export type Prepared = {
  readonly row: number;
  readonly values: Value[];
  readonly territory: number | undefined;
};
export type Problem = {
  readonly row: number;
  readonly field: string;
  readonly text: string;
  readonly code: string;
  readonly message: string;
};
export type Refused = { readonly row: FileRow; readonly problems: readonly Problem[] };
/** What became of some rows. */
export type Outcome = {
  readonly taken: readonly { readonly row: number }[];
  readonly refused: readonly Refused[];
};
export type Batch = { readonly taken: Prepared[]; readonly refused: Refused[] };

/** What the text in a field that refers to the file's own kind of record comes to, in this row. */
export type ResolveSelf = (row: number, text: string) => string | null | Fault;

/** Reads, checks and looks up the rows; asks the database once per related module, not once per row (surfaces, rule 16). */
export async function prepareBatch(
  plan: Plan,
  rows: readonly FileRow[],
  resolveSelf: ResolveSelf,
): Promise<Batch> {
  for (const filled of plan.filled) {
    const { field, column } = filled;
    if (field.type !== "relation" || isSelf(plan, field) || column === undefined) continue;
    const texts = new Set<string>();
    for (const { cells } of rows) {
      const text = textOf(filled, cells);
      if (text !== "") texts.add(text);
    }
    await plan.lookUp.load(field.module, texts);
  }
  const batch: Batch = { taken: [], refused: [] };
  for (const row of rows) {
    const prepared = prepareRow(plan, row, resolveSelf);
    if ("problems" in prepared) batch.refused.push(prepared);
    else batch.taken.push(prepared);
  }
  return batch;
}

function prepareRow(plan: Plan, row: FileRow, resolveSelf: ResolveSelf): Prepared | Refused {
  const { filled, actor, module } = plan;
  const values: Value[] = Array.from({ length: filled.length }, () => null);
  const related = new Map<string, Related>();
  const problems: Problem[] = [];
  for (const [index, each] of filled.entries()) {
    const text = textOf(each, row.cells);
    if (text === "") continue;
    const value = valueOf(plan, each, text, row.row, related, resolveSelf);
    if (isFault(value))
      problems.push({ row: row.row, field: each.field.name, text: text.slice(0, 200), ...value });
    else values[index] = value;
  }
  addDefaults(plan, values, related);
  for (const [index, { field }] of filled.entries()) {
    if (
      field.required !== true ||
      values[index] !== null ||
      problems.some((problem) => problem.field === field.name)
    )
      continue;
    problems.push({ row: row.row, field: field.name, text: "", ...fault("required", actor.language) });
  }
  if (problems.length > 0) return { row, problems };
  const place = placeOf(plan, values, related);
  if (!may(actor, module.name, "create", place))
    return {
      row,
      problems: [{ row: row.row, field: "responsible", text: "", ...fault("forbidden", actor.language) }],
    };
  return { row: row.row, values, territory: valueNamed(plan, values, "territory") as number | undefined };
}

function valueOf(
  plan: Plan,
  { field, read }: Filled,
  text: string,
  row: number,
  related: Map<string, Related>,
  resolveSelf: ResolveSelf,
): Value | Fault {
  if (field.type !== "relation") return read(text);
  if (isSelf(plan, field)) return resolveSelf(row, text);
  const found = plan.lookUp.find(field.module, text);
  if (found === undefined) return fault("not_found", plan.actor.language);
  if (found === "ambiguous") return fault("ambiguous", plan.actor.language);
  related.set(field.name, found);
  return found.id;
}

/** What a person would have to write in every row otherwise: whose it is, in which currency, and a deal's name. */
function addDefaults(plan: Plan, values: Value[], related: ReadonlyMap<string, Related>): void {
  for (const [index, { field }] of plan.filled.entries()) {
    if (values[index] !== null) continue;
    if (field.name === "responsible") values[index] = plan.actor.userId;
    else if (
      field.name === "currency" &&
      (plan.module.name === "opportunity" || valueNamed(plan, values, "price") !== undefined)
    )
      values[index] = plan.directory.currency;
    else if (field.name === "name" && plan.module.name === "opportunity")
      values[index] = dealName(plan, field, values, related);
  }
  if (plan.derive === undefined) return;
  const said = plan.filled.flatMap(({ field }, index) =>
    values[index] === null ? [] : [[field.name, values[index]] as const],
  );
  for (const [name, value] of Object.entries(plan.derive(Object.fromEntries(said), undefined)))
    values[plan.places.get(name) ?? values.length] = value as Value;
}

function dealName(
  plan: Plan,
  field: Field,
  values: readonly Value[],
  related: ReadonlyMap<string, Related>,
): Value {
  const names = ["organisation", "product"].flatMap((name) => related.get(name)?.name ?? []);
  const name = names.length > 0 ? names.join(" · ") : (valueNamed(plan, values, "reference") ?? null);
  return typeof name === "string" ? name.slice(0, "lengthMax" in field ? field.lengthMax : 200) : null;
}

/** Where the database will place the record (migrations: place_record); row security holds us to it. */
function placeOf(plan: Plan, values: readonly Value[], related: ReadonlyMap<string, Related>): Placed {
  const organisation = related.get("organisation") ?? related.get("person");
  if (plan.module.follows !== undefined)
    return organisation ?? { territory_id: 0, responsible_id: null, second_responsible_id: null };
  const responsible = valueNamed(plan, values, "responsible") as number | undefined;
  const home = plan.directory.homes.get(responsible ?? 0) ?? 0;
  return {
    territory_id:
      (valueNamed(plan, values, "territory") as number | undefined) ?? (organisation?.territory_id || home),
    responsible_id: responsible ?? null,
    second_responsible_id: (valueNamed(plan, values, "secondResponsible") as number | undefined) ?? null,
  };
}

function valueNamed({ places }: Plan, values: readonly Value[], name: string): Value | undefined {
  const place = places.get(name);
  return place === undefined ? undefined : (values[place] ?? undefined);
}
