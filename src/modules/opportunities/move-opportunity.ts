import { z } from "zod";
import { nameText } from "#core/index.ts";
import {
  changeShape,
  checkReferences,
  columnValues,
  recordCommand,
  recordId,
  withDerived,
} from "#records/index.ts";
import { opportunity } from "./opportunity.ts";

const { closesOn, value } = changeShape(opportunity).shape as { closesOn: z.ZodType; value: z.ZodType };
const input = z.strictObject({
  id: recordId,
  stage: nameText(50),
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
  values: async (work, stored) => {
    const { id: _, ...changes } = work.input;
    await checkReferences(work.db, work.actor, opportunity, changes);
    return columnValues(opportunity, await withDerived(work, opportunity, changes, stored));
  },
});
