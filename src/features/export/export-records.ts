import { z } from "zod";
import { rawText, stream, type Language, type StreamAction, type Work } from "#core/index.ts";
import {
  columnsAsked,
  compileFilter,
  countVisible,
  everyVisible,
  sortAsked,
  type Field,
  type Module,
} from "#records/index.ts";
import { byteOrderMark, csvLine } from "./csv.ts";

const input = z.strictObject({
  filter: rawText(20_000).optional(),
  sort: rawText(60).optional(),
  columns: rawText(2000).optional(),
});
type ExportInput = z.infer<typeof input>;

/**
 * A list as CSV, in its order and with its columns: every record of it that the asker may also export. Its head says
 * how many those are and, where the right to export is narrower than the list, of how many.
 */
export function exportRecords(module: Module): StreamAction<ExportInput> {
  return stream({
    name: `${module.name}.export`,
    summary: `${module.words.en.many} as CSV, all that the asker sees and may export.`,
    input,
    output: z.string(),
    right: { module: module.name, verb: "export" },
    begin: async (work) => {
      const { db, actor, input: asked } = work;
      const fields = inTheOrderAsked(columnsAsked(module, asked.columns), asked.columns);
      const filter = compileFilter(work, module, asked.filter);
      const question = { module, fields, filter, ...sortAsked(module, asked.sort), verb: "export" as const };
      return {
        mediaType: "text/csv; charset=utf-8",
        fileName: `${module.path}.csv`,
        headers: await rowsToCome(work, module),
        audited: { module: module.name, detail: asked },
        parts: partsOf(everyVisible(db, actor, question), fields, actor.language),
      };
    },
  });
}

function inTheOrderAsked(fields: readonly Field[], columns: string | undefined): readonly Field[] {
  const names = columns?.split(",") ?? [];
  return fields.toSorted((one, other) => names.indexOf(one.name) - names.indexOf(other.name));
}

/** A tilde says that it is about as many. */
async function rowsToCome(
  { db, actor, call, input: { filter } }: Pick<Work<ExportInput>, "db" | "actor" | "call" | "input">,
  module: Module,
): Promise<Record<string, string>> {
  const counted = async (verb: "view" | "export") => {
    const { count, exact } = await countVisible(
      db,
      actor,
      module,
      compileFilter({ actor, call }, module, filter),
      false,
      verb,
    );
    return `${exact ? "" : "~"}${count}`;
  };
  return { "strongroom-rows": await counted("export"), "strongroom-rows-listed": await counted("view") };
}

async function* partsOf(
  pages: AsyncIterable<Record<string, unknown>[]>,
  fields: readonly Field[],
  language: Language,
) {
  const head = fields.map((field) => field.words[language]);
  yield { text: byteOrderMark + csvLine(head, language), rows: 0 };
  for await (const page of pages) {
    const lines = page.map((record) =>
      csvLine(
        fields.map((field) => record[field.name]),
        language,
      ),
    );
    yield { text: lines.join(""), rows: page.length };
  }
}
