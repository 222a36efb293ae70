import { z } from "zod";
import { query, Refusal, stream, type Work } from "#core/index.ts";
import { changeImport } from "./change-import.ts";
import { checkFile } from "./check-import.ts";
import { find, mustBe, oneImport, permission, type TargetOf } from "./find-import.ts";
import { checkOutput, importOutput, type Check } from "./import-shape.ts";
import { findImport, listImports, readReport, type StoredImport } from "./import.store.ts";
import { reportHead } from "./report.ts";
import { importOf } from "./show-import.ts";
import { startJob } from "./start-job.ts";
import { mustAdd, type Target } from "./targets.ts";
import { uploadImport } from "./upload-import.ts";

/** Everything an import is asked, for these targets. */
export function importActions(targets: readonly Target[]) {
  const targetOf: TargetOf = (name) => targets.find((target) => target.name === name) as Target;
  const shown = (work: Work<unknown>, stored: StoredImport) =>
    importOf(work, targetOf(stored.module), stored, { preview: true });

  return {
    upload: uploadImport(targets, targetOf),
    list: query({
      name: "import.list",
      summary: "The asker's own imports, newest first.",
      permission,
      input: z.strictObject({}),
      output: z.object({ items: z.array(importOutput) }),
      run: async (work) => ({
        items: await Promise.all(
          (await listImports(work.db)).map((each) =>
            importOf(work, targetOf(each.module), each, { preview: false }),
          ),
        ),
      }),
    }),
    show: query({
      name: "import.show",
      summary: "One import with its first rows as they would be read.",
      permission,
      input: oneImport,
      output: importOutput,
      find,
      run: (work, stored: StoredImport) => shown(work, stored),
    }),
    change: changeImport(targetOf),
    check: query({
      name: "import.check",
      summary:
        "A dry run: what would be taken, what not and why, and names that fit nothing. Changes nothing.",
      permission,
      input: oneImport,
      output: checkOutput,
      find,
      run: async (work, stored: StoredImport): Promise<Check> => {
        mustBe(stored, ["mapping", "failed"]);
        mustAdd(work.actor, targetOf(stored.module));
        return await checkFile({ ...work, target: targetOf(stored.module), one: stored });
      },
      audited: ({ id }, { rows, wouldCreate }) => ({ detail: { import: id, rows, wouldCreate } }),
    }),
    run: startJob(
      "run",
      "Begins the import as a job; its progress shows in the import.",
      ["mapping", "failed", "waiting", "running"],
      (work, stored) => mustAdd(work.actor, targetOf(stored.module)),
      shown,
    ),
    undo: startJob(
      "undo",
      "Puts what the import created, and nobody changed since, into the bin.",
      ["done", "undoing"],
      () => undefined,
      shown,
    ),
    report: stream({
      name: "import.report",
      summary: "Every row that was not taken and why, as CSV.",
      permission,
      input: oneImport,
      output: z.string(),
      begin: async ({ db, actor, input: { id } }) => {
        const stored = await findImport(db, id);
        if (stored === undefined) throw new Refusal("not_found");
        return {
          mediaType: "text/csv; charset=utf-8",
          fileName: "import-report.csv",
          audited: { detail: { import: id } },
          parts: reportParts(reportHead(actor.language, stored.columns), readReport(db, id)),
        };
      },
    }),
  };
}

async function* reportParts(head: string, lines: AsyncIterable<string>) {
  yield { text: head, rows: 0 };
  for await (const text of lines) yield { text, rows: 0 };
}
