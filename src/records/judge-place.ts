import { isFree, may, mustBeAllowed, type Placed } from "#access/index.ts";
import { Refusal, type Actor, type Db } from "#core/index.ts";
import type { StoredRecord } from "./change.store.ts";
import type { Module } from "./definition.ts";
import { mayPlace, placesAfter, type Unplaced } from "./place-after.store.ts";

/**
 * A change of whose a record is, or where, is a reassignment, whatever was typed: it takes that right on the record as
 * it was, and sight of it as it will be (decisions: how a verb is judged). The database judges the same once more.
 */
export async function judgeChange(
  db: Db,
  actor: Actor,
  module: Module,
  stored: StoredRecord,
  values: Unplaced,
): Promise<void> {
  if (!mayPlace(module, values) || isFree(actor, module.name, ["reassign", "view"])) return;
  const [after] = await placesAfter(db, actor, module, [{ ...stored, ...values }]);
  if (after === undefined || samePlace(stored, after)) return;
  mustBeAllowed(actor, module.name, "reassign", stored, stored.belongs_to);
  if (!may(actor, module.name, "view", after)) throw new Refusal("beyond_own_rights");
}

/** A new record is judged where it will stand. */
export async function judgeNew(db: Db, actor: Actor, module: Module, values: Unplaced): Promise<void> {
  if (isFree(actor, module.name, ["create", "view"])) return;
  const [place] = await placesAfter(db, actor, module, [values]);
  if (place === undefined) return;
  mustBeAllowed(actor, module.name, "create", place);
  if (!may(actor, module.name, "view", place)) throw new Refusal("beyond_own_rights");
}

export const samePlace = (one: Placed, other: Placed): boolean =>
  one.territory_id === other.territory_id &&
  one.responsible_id === other.responsible_id &&
  one.second_responsible_id === other.second_responsible_id;
