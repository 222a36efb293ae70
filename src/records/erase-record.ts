import { z } from "zod";
import { mustBeAllowed } from "#access/index.ts";
import { command, Refusal, scopeOf, type Action } from "#core/index.ts";
import { eraseForGood, findVisible, type StoredRecord } from "./change.store.ts";
import type { Module } from "./definition.ts";
import { recordId } from "./record-shape.ts";

/**
 * Takes a record out of the bin for good: its row, its words, and its values in the log. Who may do that administers
 * users and may delete every record of the module. The log keeps that it was erased, by whom and when.
 */
export function eraseRecord(module: Module): Action<{ id: string }, { id: string }> {
  return command({
    name: `${module.name}.erase`,
    summary: `Erases one ${module.name} of the bin for good. It cannot be taken back.`,
    permission: "users",
    right: { module: module.name, verb: "delete" },
    input: z.strictObject({ id: recordId }),
    output: z.object({ id: z.string() }),
    again: async ({ input: { id } }) => ({ id }),
    find: ({ db, actor, input }) => findVisible(db, actor, module, input.id, { lock: true, bin: true }),
    allows: ({ actor, call }, stored: StoredRecord) => {
      mustBeAllowed(actor, module.name, "delete", stored, stored.belongs_to);
      if (scopeOf(actor, module.name, "delete") !== "all")
        throw new Refusal("forbidden", { right: { module: module.name, verb: "delete" } });
      if (call.version === undefined) throw new Refusal("version_missing");
      if (call.version !== stored.version)
        throw new Refusal("conflict", { expected: call.version, actual: stored.version });
    },
    run: async ({ db, audit }, { id }: StoredRecord) => {
      await eraseForGood(db, module, id);
      audit({ module: module.name, recordId: id, detail: { changes: [] } });
      return { id };
    },
  });
}
