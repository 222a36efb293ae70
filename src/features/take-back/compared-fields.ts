import type { Placed } from "#access/index.ts";
import { columnOf, fieldsOf, ownFields, type Field, type Module } from "#records/index.ts";

/** A record as stored. */
export type Row = Placed & {
  id: string;
  name: string;
  version: number;
  deleted_at: string | null;
  territory_set: boolean;
  [column: string]: unknown;
};

const placeNames = new Set(["responsible", "secondResponsible", "territory"]);

/** Fields that say who and where a record belongs to; none for what follows another record. */
export const placesOf = (module: Module): readonly Field[] =>
  module.follows === undefined ? fieldsOf(module).filter(({ name }) => placeNames.has(name)) : [];

/** What people can set: only a difference in this is a change, whatever follows from it. */
export const comparedFields = (module: Module): readonly Field[] => [
  ...ownFields(module),
  ...placesOf(module),
];

/** A place nobody set is the organisation's or the responsible's, and no value of the record's own. */
export const valueOf = (field: Field, row: Row): unknown =>
  field.type === "territory" && !row.territory_set ? null : (row[columnOf(field)] ?? null);

export const differing = (module: Module, then: Row, now: Row): readonly Field[] =>
  comparedFields(module).filter((field) => valueOf(field, then) !== valueOf(field, now));

/** The columns a field is kept in, with the row's values. */
export function columnsWith(field: Field, row: Row): Record<string, unknown> {
  if (field.type !== "territory") return { [columnOf(field)]: row[columnOf(field)] ?? null };
  return row.territory_set
    ? { territory_set: true, territory_id: row.territory_id }
    : { territory_set: false };
}
