import { z } from "zod";
import { command, getMoment, Refusal, type Action, type Actor, type Db, type Work } from "#core/index.ts";
import type { Module } from "#records/index.ts";
import { ComeAgain, currentActor, holdJob } from "../job-session/index.ts";
import { inBoth } from "./compare-actions.ts";
import { findTakeBack, noteProgress, type State, type TakeBack } from "./journal.store.ts";
import { takeJournalled, type GoesOn } from "./journalled.ts";
import { beforeAll, scan } from "./scan.ts";
import { sideOf } from "./sides.ts";
import { takeBackId } from "./take-back-shape.ts";
import type { Wanted } from "./take-records.ts";
import { undoTaking } from "./undo.ts";

/** Tells that the program stops; what is begun is rolled back and taken up again later. */
type Signal = { readonly aborted: boolean };
type One = { id: string };
type Done = { done: boolean };

const progressMilliseconds = 250;

/** All deleted records of a module in one transaction, so that nothing is ever half taken. */
export const takeDeleted = (modules: readonly Module[], signal: Signal): Action<One, Done> =>
  jobAction("take", ["waiting", "running"], signal, async (work, stored, follow) => {
    const module = modules.find(({ name }) => name === stored.module);
    if (module === undefined) throw new Refusal("not_found");
    const moment = await getMoment(work.call, stored.momentId);
    const wanted = await deletedSince(work, stored.momentId, module);
    const goesOn = follow(wanted.length);
    const counts = await takeJournalled(work, { moment, takeBackId: stored.id }, wanted, goesOn);
    work.audit({ module: module.name, detail: { moment: moment.id, takeBack: stored.id, ...counts } });
  });

export const undoAll = (modules: readonly Module[], signal: Signal): Action<One, Done> =>
  jobAction("undo_all", ["undoing"], signal, async (work, stored, follow) => {
    await undoTaking(work, stored, modules, follow(stored.taken));
    work.audit({ detail: { moment: stored.momentId, takeBack: stored.id } });
  });

async function deletedSince(work: Work<One>, momentId: string, module: Module): Promise<Wanted[]> {
  const { db, actor } = work;
  return await inBoth(work, momentId, async (then) => {
    const wanted: Wanted[] = [];
    for await (const { found } of scan(sideOf(then, actor, module), sideOf(db, actor, module), beforeAll))
      for (const { kind, id, version } of found) if (kind === "deleted") wanted.push({ module, id, version });
    return wanted;
  });
}

type Run = (work: Work<One>, stored: TakeBack, follow: (wanted: number) => GoesOn) => Promise<void>;

function jobAction(name: string, states: readonly State[], signal: Signal, run: Run): Action<One, Done> {
  return command({
    name: `take_back.${name}`,
    summary: "Worked off as a job.",
    input: z.strictObject({ id: takeBackId }),
    output: z.object({ done: z.boolean() }),
    run: async (work) => {
      const { db, actor, input, call } = work;
      if (!(await holdJob(db, `take back ${input.id}`))) throw new ComeAgain();
      const stored = await findTakeBack(db, input.id);
      if (stored === undefined) throw new Refusal("not_found");
      // A job may come twice: its first run may have died after its last step.
      if (!states.includes(stored.state)) return { done: false };
      let noted = performance.now();
      await run(work, stored, (wanted) => async (done) => {
        if (signal.aborted) throw new ComeAgain();
        await mustBeTheSame(db, actor);
        if (performance.now() - noted < progressMilliseconds) return;
        await noteProgress(call.tenant, stored.id, done, wanted);
        noted = performance.now();
      });
      return { done: true };
    },
  });
}

/** Whoever may do anything else now than when he began must begin anew. */
async function mustBeTheSame(db: Db, actor: Actor): Promise<void> {
  const now = await currentActor(db);
  if (now === undefined) throw new Refusal("signed_out");
  if (JSON.stringify(now) !== JSON.stringify(actor)) throw new Refusal("forbidden");
}
