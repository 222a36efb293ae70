import { z } from "zod";
import { command, query, Refusal, uuidText, type Work } from "#core/index.ts";
import { deskOf, mustReachAll, permission } from "../requests/look-actions.ts";
import type { RestoreDesk } from "../requests/restore-desk.ts";
import type { OpenMoment } from "./moments.store.ts";

const momentOutput = z.object({
  id: z.string(),
  at: z.string(),
  openedAt: z.string(),
  openUntil: z.string(),
  /** Commit time of the last change that is in. */
  lastCommit: z.string().nullable(),
});
const id = uuidText();

const shownMoment = ({ id: of, at, openedAt, openUntil, lastCommit }: OpenMoment) => ({
  id: of,
  at,
  openedAt,
  openUntil,
  lastCommit,
});

/** Whoever is signed in may look at a moment, under his own rights. */
export const listMomentsAction = (desk: RestoreDesk | undefined) =>
  query({
    name: "moment.list",
    summary: "Moments that are open beside the present, the newest first.",
    input: z.strictObject({}),
    output: z.object({ items: z.array(momentOutput) }),
    run: async ({ call }) => ({
      items: desk === undefined ? [] : (await desk.moments(call.tenant.id)).map(shownMoment),
    }),
  });

export const closeMomentAction = (desk: RestoreDesk | undefined) =>
  command({
    name: "moment.close",
    summary: "Closes a moment for everybody; its database is dropped.",
    permission,
    input: z.strictObject({ id }),
    output: z.object({ id: z.string() }),
    allows: mustReachAll,
    run: async ({ input, call, audit }: Work<{ id: string }>) => {
      if (!(await deskOf(desk).closeMoment(call.tenant.id, input.id))) throw new Refusal("no_such_moment");
      audit({ detail: { moment: input.id } });
      return { id: input.id };
    },
  });
