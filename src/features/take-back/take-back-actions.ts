import { v7 as timeOrderedId } from "uuid";
import { z } from "zod";
import { command, getMoment, query, Refusal, uuidText, type Work } from "#core/index.ts";
import { recordId, type Module } from "#records/index.ts";
import { openJobSession } from "../job-session/index.ts";
import { newToken, tokenHash } from "../sign-in/index.ts";
import {
  entriesAfter,
  findTakeBack,
  insertTakeBack,
  listTakeBacks,
  setState,
  type TakeBack,
} from "./journal.store.ts";
import { takeJournalled } from "./journalled.ts";
import {
  entryOutput,
  shownTakeBack,
  takeBackId,
  takeBackOutput,
  type ShownTakeBack,
} from "./take-back-shape.ts";

/** Records that are chosen one by one; more of a module are taken by a job. */
const chosenMax = 500;
const listMax = 50;

const oneTakeBack = z.strictObject({ id: takeBackId });
type One = z.infer<typeof oneTakeBack>;
export type Begun = { takeBack: ShownTakeBack; token: string };

export function takeBackActions(modules: readonly Module[]) {
  const moduleName = z.enum(modules.map(({ name }) => name));
  const named = (name: string) => modules.find((module) => module.name === name) as Module;
  const chosen = z.strictObject({
    module: moduleName,
    id: recordId,
    /** Of the present, as the comparison told it: what was changed since is not touched. */
    version: z.int().min(1).max(2_147_483_647).nullable(),
  });
  return {
    take: command({
      name: "moment.take_back",
      summary:
        "Makes chosen records as they were at the moment, deleted ones too. Tells of each that was not, and why.",
      input: z.strictObject({ id: uuidText(), items: z.array(chosen).min(1).max(chosenMax) }),
      output: takeBackOutput,
      run: async (work) => {
        const { input, db } = work;
        const moment = await getMoment(work.call, input.id);
        const id = await begin(work, moment, { state: "running", module: null, wanted: input.items.length });
        const wanted = [...new Map(input.items.map((item) => [item.id, item])).values()]
          .map(({ module, ...rest }) => ({ ...rest, module: named(module) }))
          .sort((one, other) => modules.indexOf(one.module) - modules.indexOf(other.module));
        const counts = await takeJournalled(work, { moment, takeBackId: id }, wanted, async () => undefined);
        work.audit({ detail: { moment: moment.id, takeBack: id, ...counts } });
        return shownTakeBack((await findTakeBack(db, id)) as TakeBack);
      },
    }),
    takeDeleted: command({
      name: "moment.take_back_deleted",
      summary: "Begins to take back every record of a module that was deleted since the moment, as a job.",
      input: z.strictObject({ id: uuidText(), module: moduleName }),
      output: takeBackOutput,
      run: async (work): Promise<Begun> => {
        const { input, db } = work;
        const moment = await getMoment(work.call, input.id);
        const id = await begin(work, moment, { state: "waiting", module: input.module, wanted: 0 });
        work.audit({ module: input.module, detail: { moment: moment.id, takeBack: id } });
        return await begun(work, (await findTakeBack(db, id)) as TakeBack);
      },
    }),
    undo: command({
      name: "take_back.undo",
      summary: "Begins to put back what was taken, as a job. What was changed since stays.",
      input: oneTakeBack,
      output: takeBackOutput,
      find: ({ db, input }: Work<One>) => findTakeBack(db, input.id, true),
      allows: (_work, stored: TakeBack) => {
        if (stored.state !== "done" && stored.state !== "undoing")
          throw new Refusal("wrong_state", { field: "state" });
      },
      run: async (work, stored: TakeBack): Promise<Begun> => {
        await setState(work.db, stored.id, "undoing");
        work.audit({ detail: { moment: stored.momentId, takeBack: stored.id } });
        return await begun(work, (await findTakeBack(work.db, stored.id)) as TakeBack);
      },
    }),
    list: query({
      name: "take_back.list",
      summary: "What the asker took back, the newest first.",
      input: z.strictObject({}),
      output: z.object({ items: z.array(takeBackOutput) }),
      run: async ({ db }) => ({ items: (await listTakeBacks(db, listMax)).map(shownTakeBack) }),
    }),
    show: query({
      name: "take_back.show",
      summary: "One taking back and how far it is.",
      input: oneTakeBack,
      output: takeBackOutput,
      find: ({ db, input }: Work<One>) => findTakeBack(db, input.id),
      run: async (_work, stored: TakeBack) => shownTakeBack(stored),
    }),
    records: query({
      name: "take_back.records",
      summary: "What became of each record; with `open`, only of those that were not taken, or not put back.",
      input: oneTakeBack.extend({
        after: z.coerce.number().int().min(-1).max(2_147_483_647).default(-1),
        limit: z.coerce.number().int().min(1).max(200).default(100),
        open: z.enum(["true", "false"]).default("false"),
      }),
      output: z.object({ items: z.array(entryOutput), next: z.int().nullable() }),
      run: async ({ db, input }) => {
        if ((await findTakeBack(db, input.id)) === undefined) throw new Refusal("not_found");
        const { after, limit, open } = input;
        const items = await entriesAfter(db, input.id, { after, limit, open: open === "true" });
        return { items, next: items.length === limit ? items.at(-1)!.seq : null };
      },
    }),
  };
}

async function begin(
  { db, actor }: Work<unknown>,
  moment: { id: string; at: string },
  one: Pick<TakeBack, "state" | "module" | "wanted">,
): Promise<string> {
  const id = timeOrderedId();
  await insertTakeBack(db, actor.userId, { id, momentId: moment.id, momentAt: moment.at, ...one });
  return id;
}

/** The job acts as its owner and ends with his rights. */
async function begun({ db }: Work<unknown>, stored: TakeBack): Promise<Begun> {
  const token = newToken();
  await openJobSession(db, tokenHash(token));
  return { takeBack: shownTakeBack(stored), token };
}
