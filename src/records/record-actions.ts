import { v7 as timeOrderedId } from "uuid";
import { z } from "zod";
import { mustBeAllowed } from "#access/index.ts";
import { command, mustChange, query, Refusal, type Action, type Work } from "#core/index.ts";
import { changesBetween } from "./changes.ts";
import {
  columnValues,
  findVisible,
  insertRecord,
  showVisible,
  updateRecord,
  type StoredRecord,
} from "./change.store.ts";
import { checkReferences } from "./check-references.store.ts";
import type { Module } from "./definition.ts";
import { judgeChange, judgeNew } from "./judge-place.ts";
import { changeShape, createShape, placeShape, recordId } from "./record-shape.ts";
import { shownOutput } from "./record-output.ts";
import { withDerived } from "./with-derived.ts";
import type { ShownRecord } from "./shown.store.ts";

type Id = { id: string };
type Changes = Id & { changes: Record<string, unknown> };
type RecordAction<Input> = Action<Input, ShownRecord>;

export function createRecord(module: Module): RecordAction<Record<string, unknown>> {
  return command({
    name: `${module.name}.create`,
    summary: `Adds one ${module.name}. Without a responsible it becomes the asker's own.`,
    input: createShape(module),
    output: shownOutput(module),
    again: againOf(module),
    right: { module: module.name, verb: "create" },
    run: async ({ db, actor, call, input: said, audit }) => {
      const input = await withDerived({ db, actor, call }, module, said);
      await checkReferences(db, actor, module, input);
      const id = timeOrderedId();
      const values = { ...columnValues(module, input), ...placeOfNew(module, input, actor.userId) };
      await judgeNew(db, actor, module, values);
      const record = await insertRecord(db, actor, module, { id, ...values });
      audit({
        module: module.name,
        recordId: id,
        detail: { changes: changesBetween(module, undefined, values) },
      });
      return record;
    },
  });
}

function placeOfNew(module: Module, input: Record<string, unknown>, asker: number): Record<string, unknown> {
  if (module.follows !== undefined) return {};
  return {
    responsible_id: input["responsible"] === undefined ? asker : input["responsible"],
    territory_set: input["territory"] !== undefined && input["territory"] !== null,
  };
}

export function showRecord(module: Module): RecordAction<Id> {
  return query({
    name: `${module.name}.show`,
    summary: `One ${module.name}, also from the bin (deletedAt tells).`,
    input: z.strictObject({ id: recordId }),
    output: shownOutput(module),
    find: ({ db, actor, input }) => showVisible(db, actor, module, input.id),
    run: async (_work, record: ShownRecord) => record,
    audited: (input) => ({ module: module.name, recordId: input.id }),
  });
}

/** Whoever sends a command again sees its record as he sees it now, or not at all. */
const againOf =
  (module: Module) =>
  async ({ db, actor }: Pick<Work<unknown>, "db" | "actor">, { id }: { id: string | number | null }) =>
    id === null ? undefined : await showVisible(db, actor, module, String(id));

/** What every change of a record shares: the record locked through the actor's view, the version, the verb. */
export function recordCommand<Input extends Id>(
  module: Module,
  name: string,
  options: {
    summary: string;
    input: z.ZodType<Input>;
    verb: "edit" | "delete" | "reassign";
    bin?: boolean;
    permission?: string;
    values: (work: Work<Input>, stored: StoredRecord) => Promise<Record<string, unknown>>;
  },
): RecordAction<Input> {
  return command({
    name: `${module.name}.${name}`,
    summary: options.summary,
    input: options.input,
    output: shownOutput(module),
    ...(options.permission === undefined ? {} : { permission: options.permission }),
    again: againOf(module),
    right: { module: module.name, verb: options.verb },
    find: ({ db, actor, input }) =>
      findVisible(db, actor, module, input.id, { lock: true, bin: options.bin ?? false }),
    allows: ({ actor, call }, stored: StoredRecord) => {
      mustBeAllowed(actor, module.name, options.verb, stored, stored.belongs_to);
      if (call.version === undefined) throw new Refusal("version_missing");
      if (call.version !== stored.version)
        throw new Refusal("conflict", { expected: call.version, actual: stored.version });
    },
    run: async (work, stored: StoredRecord) => {
      const values = await options.values(work, stored);
      await judgeChange(work.db, work.actor, module, stored, values);
      const record = await updateRecord(work.db, work.actor, module, stored.id, values);
      work.audit({
        module: module.name,
        recordId: stored.id,
        detail: { changes: changesBetween(module, stored, values) },
      });
      return record;
    },
  });
}

export const changeRecord = (module: Module): RecordAction<Changes> =>
  recordCommand(module, "change", {
    summary: `Changes fields of one ${module.name}; what is absent stays.`,
    input: z.strictObject({ id: recordId, changes: changeShape(module) }) as z.ZodType<Changes>,
    verb: "edit",
    values: async ({ db, actor, call, input }, stored) => {
      mustChange(input.changes, call.language);
      await checkReferences(db, actor, module, input.changes);
      return columnValues(module, await withDerived({ db, actor, call }, module, input.changes, stored));
    },
  });

export const deleteRecord = (module: Module): RecordAction<Id> =>
  recordCommand(module, "delete", {
    summary: `Puts one ${module.name} in the bin.`,
    input: z.strictObject({ id: recordId }),
    verb: "delete",
    values: async () => ({ deleted_at: new Date() }),
  });

export const restoreRecord = (module: Module): RecordAction<Id> =>
  recordCommand(module, "restore", {
    summary: `Takes one ${module.name} out of the bin.`,
    input: z.strictObject({ id: recordId }),
    verb: "delete",
    bin: true,
    permission: "bin",
    values: async () => ({ deleted_at: null }),
  });

const reassignShape = z.strictObject({ id: recordId, ...placeShape });

export const reassignRecord = (module: Module): RecordAction<z.infer<typeof reassignShape>> =>
  recordCommand(module, "reassign", {
    summary: `Hands one ${module.name} to other people or another territory. Who hands it over must still see it afterwards.`,
    input: reassignShape,
    verb: "reassign",
    values: async ({ db, actor, call, input }) => {
      const { id: _, ...place } = input;
      mustChange(place, call.language);
      if (module.follows !== undefined) throw new Refusal("wrong_state", { field: module.follows });
      await checkReferences(db, actor, module, place);
      return {
        ...columnValues(module, place),
        ...(place.territory === undefined ? {} : { territory_set: place.territory !== null }),
      };
    },
  });
