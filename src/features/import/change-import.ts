import { z } from "zod";
import { command, mustChange, type Action, type Work } from "#core/index.ts";
import { examineFile } from "./examine-file.ts";
import { findLocked, mustBe, permission, type TargetOf } from "./find-import.ts";
import {
  correctionsShape,
  dialectShape,
  importId,
  importOutput,
  mappingShape,
  type Import,
} from "./import-shape.ts";
import { fileParts, findImport, recall, remember, updateImport, type StoredImport } from "./import.store.ts";
import { importOf } from "./show-import.ts";
import { checkMapping, memorable, suggestMapping } from "./suggest-mapping.ts";

const input = z.strictObject({
  id: importId,
  dialect: dialectShape.optional(),
  mapping: mappingShape.optional(),
  corrections: correctionsShape.optional(),
});

type Change = z.infer<typeof input>;

export function changeImport(targetOf: TargetOf): Action<Change, Import> {
  return command({
    name: "import.change",
    summary:
      "Says how the file is to be read, what its columns become, and which names to use instead of the file's. Remembered for the next file.",
    permission,
    input,
    output: importOutput,
    find: findLocked,
    allows: (_work, stored: StoredImport) => mustBe(stored, ["mapping", "failed"]),
    run: async ({ db, actor, call, input: asked, audit }, stored: StoredImport) => {
      mustChange({ ...asked, id: undefined }, actor.language);
      const target = targetOf(stored.module);
      const memory = await recall(db, stored.module);
      const read =
        asked.dialect === undefined ? stored : await readAnew({ db }, stored, asked.dialect, actor.language);
      const names = read.columns.map(({ name }) => name);
      const mapping =
        asked.mapping ??
        (names.every((name) => name in stored.mapping)
          ? stored.mapping
          : suggestMapping(target, names, memory.mapping));
      checkMapping(target, names, mapping, actor.language);
      const corrections = asked.corrections ?? stored.corrections;
      await updateImport(db, stored.id, {
        dialect: read.dialect,
        columns: read.columns,
        rows: read.rows,
        mapping,
        corrections,
      });
      await remember(db, actor.userId, stored.module, {
        mapping: asked.mapping === undefined ? memory.mapping : { ...memory.mapping, ...memorable(mapping) },
        corrections: asked.corrections === undefined ? memory.corrections : corrections,
      });
      audit({
        module: stored.module,
        detail: {
          import: stored.id,
          dialect: asked.dialect,
          mapping: asked.mapping,
          corrections: asked.corrections,
        },
      });
      return await importOf({ db, actor, call }, target, (await findImport(db, stored.id)) as StoredImport, {
        preview: true,
      });
    },
  });
}

/** Another encoding or delimiter makes other columns; how dates and numbers are written does not. */
async function readAnew(
  { db }: Pick<Work<unknown>, "db">,
  stored: StoredImport,
  dialect: StoredImport["dialect"],
  language: "en" | "da",
) {
  if (dialect.encoding === stored.dialect.encoding && dialect.delimiter === stored.dialect.delimiter)
    return { ...stored, dialect };
  return await examineFile(Buffer.concat(await Array.fromAsync(fileParts(db, stored.id))), language, dialect);
}
