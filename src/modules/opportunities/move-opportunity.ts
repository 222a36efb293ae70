import { z } from "zod";
import { changeShape, checkReferences, columnValues, recordCommand, recordId } from "#records/index.ts";
import { opportunity } from "./opportunity.ts";
import { listStages } from "./stage.store.ts";

const { closesOn, value } = changeShape(opportunity).shape as { closesOn: z.ZodType; value: z.ZodType };
const input = z.strictObject({
  id: recordId,
  stage: z.string().min(1).max(50),
  closesOn,
  value,
}) as unknown as z.ZodType<{
  id: string;
  stage: string;
  closesOn?: string | null;
  value?: number | null;
}>;

/** Moves a deal to a stage; one that is won or lost closes today unless another day is said. */
export const moveOpportunity = recordCommand(opportunity, "move", {
  summary: "Moves one opportunity to a stage of the pipeline.",
  input,
  verb: "edit",
  values: async ({ db, actor, input: { id: _, ...changes } }, stored) => {
    await checkReferences(db, actor, opportunity, changes);
    const stages = await listStages(db);
    const closed = (key: unknown) => stages.find((each) => each.key === key)?.outcome !== "open";
    const closesNow = closed(changes.stage) && !closed(stored["stage"]) && changes.closesOn === undefined;
    return {
      ...columnValues(opportunity, changes),
      ...(closesNow ? { closes_on: new Date().toISOString().slice(0, 10) } : {}),
    };
  },
});
