import { dayIn, type Actor, type Call, type Db } from "#core/index.ts";
import type { Derive, Field, Module } from "#records/index.ts";
import type { Corrections, StoredImport } from "./import.store.ts";
import { openLookUp, type LookUp } from "./look-up.ts";
import { readDirectory, type Directory } from "./look-up.store.ts";
import { readerOf, type Read } from "./read-cell.ts";

/** One field that an import fills: from which column (none: it only has a default), and how. */
export type Filled = {
  readonly field: Field;
  readonly column: number | undefined;
  readonly read: Read;
  readonly corrections: ReadonlyMap<string, string>;
};

/** Everything that is settled before the first row is read. */
export type Plan = {
  readonly module: Module;
  readonly actor: Actor;
  readonly directory: Directory;
  readonly lookUp: LookUp;
  readonly filled: readonly Filled[];
  /** Where in `filled` the field of that name stands. */
  readonly places: ReadonlyMap<string, number>;
  readonly derive: Derive | undefined;
};

/** Fields that get a value though no column has it. */
const withDefault = ["name", "currency", "responsible"];

/** Whoever imports, where he is, and the transaction it is done in. */
export type Asker = { readonly db: Db; readonly actor: Actor; readonly call: Pick<Call, "zone"> };

export async function planImport(
  { db, actor, call: { zone } }: Asker,
  module: Module,
  fields: readonly Field[],
  one: Pick<StoredImport, "dialect" | "columns" | "mapping" | "corrections">,
): Promise<Plan> {
  const directory = await readDirectory(db);
  const columns = new Map(
    Object.entries(one.mapping).map(([column, field]) => [
      field,
      one.columns.findIndex(({ name }) => name === column),
    ]),
  );
  const settled = new Set([...withDefault, ...(module.derives?.fields ?? [])]);
  const filled = fields
    .filter((field) => columns.has(field.name) || field.required === true || settled.has(field.name))
    .map((field) => ({
      field,
      column: columns.get(field.name),
      read: readerOf(module, field, { dialect: one.dialect, directory, actor }),
      corrections: correctionsOf(one.corrections, field),
    }));
  return {
    module,
    actor,
    directory,
    lookUp: openLookUp(db, actor),
    filled,
    derive: await module.derives?.prepare(db, { today: dayIn(zone, new Date()), language: actor.language }),
    places: new Map(filled.map(({ field }, place) => [field.name, place])),
  };
}

/** Only what is looked up can be corrected; the text is compared without regard to case. */
function correctionsOf(corrections: Corrections, field: Field): ReadonlyMap<string, string> {
  if (!["relation", "user", "territory", "choice"].includes(field.type)) return new Map();
  return new Map(
    Object.entries(corrections[field.name] ?? {}).map(([text, name]) => [
      text.trim().toLowerCase(),
      name.trim(),
    ]),
  );
}

/** The cell's text as the person meant it: without space around it, and with what he said about it once. */
export function textOf({ column, corrections }: Filled, cells: readonly string[]): string {
  const text = column === undefined ? "" : (cells[column] ?? "").trim();
  return corrections.size === 0 || text === "" ? text : (corrections.get(text.toLowerCase()) ?? text);
}

export const isSelf = ({ module }: Pick<Plan, "module">, field: Field): boolean =>
  field.type === "relation" && field.module === module.name;
