import { z } from "zod";
import { Refusal, type Work } from "#core/index.ts";
import { importId } from "./import-shape.ts";
import { findImport, type State, type StoredImport } from "./import.store.ts";
import type { Target } from "./targets.ts";

/** The level's right to import at all. */
export const permission = "import";

export const oneImport = z.strictObject({ id: importId });
export type OneImport = z.infer<typeof oneImport>;
export type TargetOf = (name: string) => Target;

export const find = <Input extends OneImport>({ db, input }: Work<Input>) => findImport(db, input.id);
export const findLocked = <Input extends OneImport>({ db, input }: Work<Input>) =>
  findImport(db, input.id, true);

export function mustBe(stored: StoredImport, states: readonly State[]): void {
  if (!states.includes(stored.state)) throw new Refusal("wrong_state", { field: "state" });
}
