import { z } from "zod";
import { command, Refusal, scopeOf, type Action } from "#core/index.ts";
import { chosenFields, compileFilter, getField, listVisible, type Module } from "#records/index.ts";
import { csvLine } from "./csv.ts";

/** Rows one export may have. */
const rowsMax = 50_000;
const pageRows = 200;

const input = z.strictObject({
  filter: z.string().max(20_000).optional(),
  columns: z.string().max(2000).optional(),
});

/** The list as CSV: what the asker may view and may export. A command, so that its audit row is written before the answer. */
export function exportRecords(module: Module): Action<z.infer<typeof input>, string> {
  return command({
    name: `${module.name}.export`,
    summary: `${module.words.en.many} as CSV, at most ${rowsMax} rows, within the asker's right to export.`,
    input,
    output: z.string(),
    run: async ({ db, actor, input: asked, audit }) => {
      if (scopeOf(actor, module.name, "export") === "none")
        throw new Refusal("forbidden", { right: { module: module.name, verb: "export" } });
      const columns = asked.columns?.split(",").map((name) => getField(module, name, "columns").name);
      const fields = chosenFields(module, columns);
      const sort = getField(module, module.titleField, "sort");
      const filter = compileFilter(actor, module, asked.filter);
      const lines = [csvLine(fields.map((field) => field.words[actor.language]))];
      let after: { value: string; id: string } | undefined;
      do {
        const page = await listVisible(db, actor, {
          module,
          fields,
          filter,
          sort,
          descending: false,
          after,
          limit: pageRows,
          bin: false,
          verb: "export",
        });
        for (const record of page) lines.push(csvLine(fields.map((field) => record[field.name])));
        const last = page.at(-1);
        after =
          last === undefined || page.length < pageRows
            ? undefined
            : { value: String(last["name"]), id: last.id };
      } while (after !== undefined && lines.length <= rowsMax);
      audit({ module: module.name, detail: { ...asked, rows: lines.length - 1 } });
      return lines.join("");
    },
  });
}
