import { z } from "zod";
import { query, rawText, Refusal, type Action, type Actor } from "#core/index.ts";
import { getField, invalid } from "./columns.ts";
import { countVisible, type Count } from "./count.store.ts";
import { cursorOf, cursorText } from "./cursor.ts";
import { fieldsOf, type Field, type Module } from "./definition.ts";
import { compileFilter } from "./filter.store.ts";
import { listVisible } from "./list.store.ts";
import { pageOutput, recordOutput } from "./record-output.ts";
import { chosenFields, type ShownRecord } from "./shown.store.ts";

const filterText = rawText(20_000).optional();
const yes = z
  .enum(["true", "false"])
  .default("false")
  .transform((text) => text === "true");

export const listShape = z.strictObject({
  filter: filterText,
  sort: rawText(60).optional(),
  columns: rawText(2000).optional(),
  after: rawText(2000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  bin: yes,
});
type ListInput = z.infer<typeof listShape>;
export type Page = { items: ShownRecord[]; next: string | null };

export function listRecords(module: Module): Action<ListInput, Page> {
  return query({
    name: `${module.name}.list`,
    summary: `${module.words.en.many} the asker may see, in order, a page at a time.`,
    input: listShape,
    output: pageOutput(recordOutput(module)),
    run: async ({ db, actor, input, call }) => {
      mustOpenBin(actor, input.bin);
      const order = sortAsked(module, input.sort);
      const list = JSON.stringify([module.name, input.filter, input.sort, input.bin]);
      const asked = {
        module,
        fields: columnsAsked(module, input.columns),
        filter: input.filter === undefined ? undefined : compileFilter({ actor, call }, module, input.filter),
        ...order,
        after: input.after === undefined ? undefined : cursorOf(list, input.after),
        limit: input.limit,
        bin: input.bin,
      };
      const items = await listVisible(db, actor, {
        ...asked,
        fields: [...new Set([...asked.fields, order.sort])],
      });
      const last = items.length === input.limit ? items.at(-1) : undefined;
      const value = last === undefined ? null : (last[order.sort.name] as string | number | null);
      return { items, next: last === undefined ? null : cursorText(list, { value, id: last.id }) };
    },
    audited: (input, page) => ({ module: module.name, detail: { ...given(input), rows: page.items.length } }),
  });
}

const countShape = z.strictObject({
  filter: filterText,
  bin: yes,
  /** Counts what the asker may export of what he sees. */
  for: z.enum(["view", "export"]).default("view"),
});

export function countRecords(module: Module): Action<z.infer<typeof countShape>, Count> {
  return query({
    name: `${module.name}.count`,
    summary: `How many ${module.words.en.many.toLowerCase()} the asker may see; exact up to 10,000.`,
    input: countShape,
    output: z.object({
      count: z.int(),
      exact: z.boolean(),
      totals: z.record(z.string(), z.number()).optional(),
    }),
    run: async ({ db, actor, call, input }) => {
      mustOpenBin(actor, input.bin);
      const filter = compileFilter({ actor, call }, module, input.filter);
      return await countVisible(db, actor, module, filter, input.bin, input.for);
    },
    audited: (input) => ({ module: module.name, detail: given(input) }),
  });
}

/** Counting or filtering what is in the bin tells of it as much as listing it does. */
function mustOpenBin(actor: Actor, bin: boolean): void {
  if (bin && !actor.permissions.includes("bin")) throw new Refusal("forbidden", { permission: "bin" });
}

/** The order that was asked for: a field's name, "-" before it for falling. */
export function sortAsked(module: Module, text: string | undefined) {
  const descending = text?.startsWith("-") ?? false;
  const sort = getField(module, text === undefined ? module.defaultSort : text.replace(/^-/, ""), "sort");
  const sortable = fieldsOf(module).some((field) => field.name === sort.name && field.sortable === true);
  if (!sortable) throw invalid("sort", "not_a_choice", `${sort.name} ?`);
  return { sort, descending };
}

/** The fields whose names were asked for, by comma; all of them when none were. */
export function columnsAsked(module: Module, text: string | undefined): readonly Field[] {
  if (text === undefined) return chosenFields(module, undefined);
  return chosenFields(
    module,
    text.split(",").map((name) => getField(module, name, "columns").name),
  );
}

const given = (input: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined && value !== false));
