import { columnOf, type Field, type Module } from "#records/index.ts";
import { columnsWith, comparedFields, differing, type Row } from "./compared-fields.ts";
import type { Turned } from "./reasons.ts";

/** What is to be written of one record so that it is again as it was. */
export type Plan = {
  readonly id: string;
  readonly name: string;
  /** The record as it stands; undefined when it is not there at all and is made again. */
  readonly now: Row | undefined;
  /** Columns with their new values. */
  readonly values: Record<string, unknown>;
  /** Fields whose values are set, and so whose references must be there. */
  readonly fields: readonly Field[];
  /** Where it will belong. */
  readonly after: Row;
};

/** Plans that a record is as it was `before`, out of the bin if need be; `isGone` tells that it is not there at all. */
export function planTaking(
  module: Module,
  {
    before,
    now,
    isGone,
    version,
  }: { before: Row | undefined; now: Row | undefined; isGone: boolean; version: number | null | undefined },
): Plan | Turned {
  if (before === undefined || before.deleted_at !== null) return { reason: "not_then" };
  if (now === undefined && !isGone) return { reason: "out_of_sight" };
  if (version !== undefined && version !== (now?.version ?? null)) return { reason: "changed_since" };
  const isBack = now?.deleted_at !== null;
  const changed = now === undefined ? comparedFields(module) : differing(module, before, now);
  if (!isBack && changed.length === 0) return { reason: "nothing_to_do" };
  const values = Object.assign({}, ...changed.map((field) => columnsWith(field, before))) as Record<
    string,
    unknown
  >;
  return {
    id: before.id,
    name: before.name,
    now,
    values:
      now === undefined ? { ...values, id: before.id } : isBack ? { ...values, deleted_at: null } : values,
    fields: isBack ? comparedFields(module) : changed,
    after: before,
  };
}

/** Plans that a record which was taken back is as it was before. */
export function planUndo(
  module: Module,
  journalled: { id: string; name: string; before: Record<string, unknown> | null; version: number },
  now: Row | undefined,
  at: Date,
): Plan | Turned {
  const { id, name, before, version } = journalled;
  if (now === undefined) return { reason: "out_of_sight" };
  if (now.version !== version) return { reason: "changed_since" };
  // What was made again goes into the bin: nothing is removed past it.
  const values = before ?? { deleted_at: at };
  const after = { ...now, ...values } as Row;
  const fields = comparedFields(module).filter((field) => columnOf(field) in values);
  return { id, name, now, values, fields, after };
}
