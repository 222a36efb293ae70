import { z } from "zod";
import { auditRow, command, Refusal, type Action, type Work } from "#core/index.ts";
import { ComeAgain, currentActor, holdJob, mustStillHold } from "../job-session/index.ts";
import {
  addReport,
  findImport,
  finishImport,
  finishUndo,
  leaveWordsForLater,
  noteProgress,
  type StoredImport,
} from "./import.store.ts";
import { progressMilliseconds, rowsSearchableAtOnce } from "./limits.ts";
import { oneImport, permission, type OneImport } from "./find-import.ts";
import { reportLines } from "./report.ts";
import { take } from "./taking.ts";
import { mustAdd, type Target } from "./targets.ts";
import { undoRecords, undoUsers } from "./undo.ts";

type Done = { done: boolean };
/** Tells that the program stops; what is begun is rolled back and taken up again later. */
export type Signal = { readonly aborted: boolean };

/**
 * The import itself: one transaction from the first row to the last, so that nothing is ever half done. Says how
 * far it is outside of it. Before every batch and at the end its owner must still hold what he began with.
 */
export function takeImport(targets: readonly Target[], signal: Signal): Action<OneImport, Done> {
  return jobAction("take", targets, ["waiting", "running"], signal, async (work, stored, target, goesOn) => {
    const { db, actor, call, audit } = work;
    mustAdd(actor, target);
    const usersCreated: number[] = [];
    const row = auditRow(
      call,
      actor,
      { action: `${target.name}.import`, outcome: "done", at: new Date() },
      { module: target.name },
    );
    const counts = { taken: 0, refused: 0 };
    let noted = performance.now();
    const later = target.module !== undefined && stored.rows > rowsSearchableAtOnce;
    if (later) await leaveWordsForLater(db);
    for await (const { taken, refused } of take(
      { db, actor, call, target, one: stored },
      { row, door: call.tenant.door, audit, usersCreated },
    )) {
      counts.taken += taken.length;
      counts.refused += refused.length;
      await addReport(db, stored.id, reportLines(actor, target, refused));
      await goesOn();
      if (performance.now() - noted < progressMilliseconds) continue;
      await noteProgress(call.tenant, stored.id, counts.taken + counts.refused, counts.refused);
      noted = performance.now();
    }
    await goesOn();
    await finishImport(db, stored.id, {
      rows: counts.taken + counts.refused,
      created: counts.taken,
      refused: counts.refused,
      usersCreated,
      wordsLater: later,
    });
    audit({
      module: target.name,
      detail: {
        import: stored.id,
        fileName: stored.fileName,
        created: counts.taken,
        refused: counts.refused,
      },
    });
  });
}

/** Takes an import back: what it created and nobody changed since goes into the bin, in one transaction. */
export function undoImport(targets: readonly Target[], signal: Signal): Action<OneImport, Done> {
  return jobAction("undo_all", targets, ["undoing"], signal, async (work, stored, target, goesOn) => {
    const undo =
      target.module === undefined ? undoUsers(work, stored) : undoRecords(work, stored, target.module);
    for await (const lines of undo) {
      await addReport(work.db, stored.id, lines);
      await goesOn();
    }
    await finishUndo(work.db, stored.id);
    work.audit({ module: target.name, detail: { import: stored.id } });
  });
}

type Run = (
  work: Work<OneImport>,
  stored: StoredImport,
  target: Target,
  goesOn: () => Promise<void>,
) => Promise<void>;

function jobAction(
  name: string,
  targets: readonly Target[],
  states: readonly StoredImport["state"][],
  signal: Signal,
  run: Run,
): Action<OneImport, Done> {
  return command({
    name: `import.${name}`,
    summary: "Worked off as a job.",
    permission,
    input: oneImport,
    output: z.object({ done: z.boolean() }),
    run: async (work) => {
      const { db, actor, input } = work;
      if (!(await holdJob(db, `import ${input.id}`))) throw new ComeAgain();
      const stored = await findImport(db, input.id);
      const target = targets.find((each) => each.name === stored?.module);
      if (stored === undefined || target === undefined) throw new Refusal("not_found");
      // A job may come twice: its first run may have died after its last step.
      if (!states.includes(stored.state)) return { done: false };
      const goesOn = async () => {
        if (signal.aborted) throw new ComeAgain();
        mustStillHold(actor, await currentActor(db), permission, target.name);
      };
      await run(work, stored, target, goesOn);
      return { done: true };
    },
  });
}
