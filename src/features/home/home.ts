import { z } from "zod";
import { query, scopeOf } from "#core/index.ts";
import { activity, listStages, opportunity, stageTotals, wonByMonth } from "#modules/index.ts";
import {
  chosenFields,
  compileFilter,
  countVisible,
  getField,
  listVisible,
  recordOutput,
} from "#records/index.ts";

const totals = z.record(z.string(), z.number());

/** What a salesperson starts the day with: own open activities, the pipeline, and what was won. */
export const showHome = query({
  name: "home.show",
  summary: "The user's open activities by due time, the pipeline by stage, and what was won by month.",
  input: z.strictObject({}),
  output: z.object({
    activities: z.array(recordOutput(activity)),
    overdue: z.int(),
    pipeline: z.array(z.object({ stage: z.string(), count: z.int(), exact: z.boolean(), totals })),
    wonByMonth: z.array(
      z.object({
        month: z.string(),
        count: z.int(),
        exact: z.boolean(),
        counts: z.record(z.string(), z.int()),
        totals,
      }),
    ),
  }),
  run: async ({ db, actor, call }) => {
    const mine = {
      and: [
        { field: "responsible", op: "in", value: [actor.userId] },
        { field: "doneAt", op: "empty" },
      ],
    };
    const late = { and: [mine, { field: "dueAt", op: "lt", value: new Date().toISOString() }] };
    const sees = (module: string) => scopeOf(actor, module, "view") !== "none";
    const filter = (tree: unknown) => compileFilter({ actor, call }, activity, JSON.stringify(tree));
    const asked = {
      module: activity,
      fields: chosenFields(activity, undefined),
      filter: filter(mine),
      sort: getField(activity, "dueAt", "sort"),
      descending: false,
      after: undefined,
      limit: 20,
      bin: false,
    };
    return {
      activities: sees("activity") ? await listVisible(db, actor, asked) : [],
      overdue: sees("activity") ? (await countVisible(db, actor, activity, filter(late), false)).count : 0,
      pipeline: sees("opportunity")
        ? await stageTotals(
            db,
            actor,
            await listStages(db),
            compileFilter({ actor, call }, opportunity, undefined),
          )
        : [],
      wonByMonth: sees("opportunity") ? await wonByMonth(db, actor) : [],
    };
  },
});
