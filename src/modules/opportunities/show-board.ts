import { z } from "zod";
import { query, rawText } from "#core/index.ts";
import {
  chosenFields,
  compileFilter,
  getField,
  listVisible,
  recordOutput,
  type ShownRecord,
} from "#records/index.ts";
import { opportunity } from "./opportunity.ts";
import { listStages, stageTotals, type Stage, type StageTotal } from "./stage.store.ts";

/** Cards of a column at first; the rest comes by the list, filtered by stage. */
const cardsMax = 20;
type Column = StageTotal & { items: ShownRecord[] };

export const showBoard = query({
  name: "opportunity.board",
  summary: "Opportunities by stage: count, value and the newest cards of each.",
  input: z.strictObject({ filter: rawText(20_000).optional() }),
  output: z.object({
    stages: z.array(
      z.object({
        stage: z.string(),
        count: z.int(),
        exact: z.boolean(),
        totals: z.record(z.string(), z.number()),
        items: z.array(recordOutput(opportunity)),
      }),
    ),
  }),
  run: async ({ db, actor, call, input }): Promise<{ stages: Column[] }> => {
    const stages = await listStages(db);
    const totals = await stageTotals(
      db,
      actor,
      stages,
      compileFilter({ actor, call }, opportunity, input.filter),
    );
    const columns: Column[] = [];
    for (const total of totals) {
      const stage = stages.find((each) => each.key === total.stage) as Stage;
      columns.push({ ...total, items: await cards(stage) });
    }
    return { stages: columns };

    function cards(stage: Stage): Promise<ShownRecord[]> {
      const within = JSON.stringify(
        input.filter === undefined ? inStage(stage) : { and: [inStage(stage), JSON.parse(input.filter)] },
      );
      const sort = getField(opportunity, "closesOn", "sort");
      const fields = chosenFields(opportunity, [
        "name",
        "organisation",
        "stage",
        "value",
        "currency",
        "product",
        "engagedOn",
        "closesOn",
        "responsible",
        "territory",
      ]);
      return listVisible(db, actor, {
        module: opportunity,
        fields,
        filter: compileFilter({ actor, call }, opportunity, within),
        sort,
        descending: stage.outcome !== "open",
        after: undefined,
        limit: cardsMax,
        bin: false,
      });
    }
  },
  audited: (_input, { stages }) => ({
    module: opportunity.name,
    detail: { rows: stages.reduce((sum, { items }) => sum + items.length, 0) },
  }),
});

const inStage = (stage: Stage) => ({ field: "stage", op: "in", value: [stage.key] });
