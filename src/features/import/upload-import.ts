import { v7 as timeOrderedId } from "uuid";
import { z } from "zod";
import { command, nameText, type Action } from "#core/index.ts";
import { examineFile } from "./examine-file.ts";
import { permission, type TargetOf } from "./find-import.ts";
import { importOutput, type Import } from "./import-shape.ts";
import { findImport, insertImport, recall, type StoredImport } from "./import.store.ts";
import { importOf } from "./show-import.ts";
import { suggestMapping } from "./suggest-mapping.ts";
import { mustAdd, type Target } from "./targets.ts";

type Upload = { module: string; fileName: string; file: Buffer };

export function uploadImport(targets: readonly Target[], targetOf: TargetOf): Action<Upload, Import> {
  return command({
    name: "import.upload",
    summary:
      "Takes a CSV file and says what it holds: UTF-8 or Windows-1252, at most 50 MB. Nothing becomes a record yet.",
    permission,
    input: z.strictObject({
      module: z.enum(targets.map(({ name }) => name)),
      fileName: nameText(200),
      file: z.instanceof(Buffer),
    }),
    output: importOutput,
    run: async ({ db, actor, call, input: { module, fileName, file }, audit }) => {
      const target = targetOf(module);
      mustAdd(actor, target);
      const examined = await examineFile(file, actor.language);
      const memory = await recall(db, module);
      const mapping = suggestMapping(
        target,
        examined.columns.map(({ name }) => name),
        memory.mapping,
      );
      const id = timeOrderedId();
      await insertImport(
        db,
        actor.userId,
        { id, module, fileName, mapping, corrections: memory.corrections, ...examined },
        file,
      );
      audit({ module, detail: { import: id, fileName, bytes: file.length, rows: examined.rows } });
      return await importOf({ db, actor, call }, target, (await findImport(db, id)) as StoredImport, {
        preview: true,
      });
    },
  });
}
