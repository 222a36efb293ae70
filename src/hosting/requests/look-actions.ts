import { z } from "zod";
import { instantText, query, rawText, Refusal, type Actor } from "#core/index.ts";
import { happenedBetween, marksBetween, namesOf, type Happened, type Mark } from "./happened.store.ts";
import { targetOf } from "./target.ts";
import { paired, requestOutput, shownRequest, usersNamed, wayBack } from "./shown-request.ts";
import type { RestoreDesk } from "./restore-desk.ts";

export const permission = "users";

/** A restore moves everybody's records, so only who is limited to no territory may look or ask. */
export function mustReachAll({ actor }: { actor: Actor }): void {
  if (!actor.everywhere) throw new Refusal("beyond_own_rights", { field: "territories" });
}

export function deskOf(desk: RestoreDesk | undefined): RestoreDesk {
  if (desk === undefined) throw new Refusal("no_backups");
  return desk;
}

/** Seconds of a bucket; the finest with which a span is told in no more than these many. */
const bucketSeconds = [60, 300, 900, 3_600, 21_600, 86_400];
const bucketsMax = 360;
const marksMax = 200;
const dayMilliseconds = 86_400_000;
const hourMilliseconds = 3_600_000;

const kinds: Readonly<Record<string, string>> = {
  create: "created",
  import: "imported",
  delete: "deleted",
  undo: "deleted",
  restore: "restored",
  erase: "erased",
};
const kindOf = (action: string): string => kinds[action.split(".").at(-1) ?? ""] ?? "changed";

const instant = instantText();
const count = z.object({ kind: z.string(), count: z.int() });

const markOutput = z.object({
  at: z.string(),
  kind: z.string(),
  by: z.string().nullable(),
  module: z.string().nullable(),
  fileName: z.string().nullable(),
  records: z.int().nullable(),
  target: z.string().nullable(),
});

export const showWindow = (desk: RestoreDesk | undefined) =>
  query({
    name: "restore.window",
    summary:
      "What can be restored, and what happened when: counts by bucket, imports and restores one by one.",
    permission,
    input: z.strictObject({ from: instant.optional(), to: instant.optional() }),
    output: z.object({
      earliest: z.string().nullable(),
      latest: z.string().nullable(),
      now: z.string(),
      keepDays: z.int(),
      gaps: z.array(z.object({ from: z.string(), to: z.string() })),
      from: z.string(),
      to: z.string(),
      bucketSeconds: z.int(),
      happened: z.array(count.extend({ at: z.string() })),
      marks: z.array(markOutput),
    }),
    allows: mustReachAll,
    run: async ({ db, input, call }) => {
      const now = new Date();
      const { earliest, latest, gaps, keepDays } = await deskOf(desk).window(call.tenant.id);
      const to = input.to === undefined ? now : new Date(input.to);
      const from = input.from === undefined ? wholeFrom(to, keepDays, earliest) : new Date(input.from);
      const seconds = (to.getTime() - from.getTime()) / 1000;
      const bucket = bucketSeconds.find((each) => seconds / each <= bucketsMax);
      if (seconds <= 0 || bucket === undefined) throw new Refusal("too_broad", { field: "from" });
      const happened = await happenedBetween(db, { from, to }, bucket);
      return {
        earliest: earliest?.toISOString() ?? null,
        latest: latest?.toISOString() ?? null,
        now: now.toISOString(),
        keepDays,
        gaps: gaps.map((gap) => ({ from: gap.from.toISOString(), to: gap.to.toISOString() })),
        from: from.toISOString(),
        to: to.toISOString(),
        bucketSeconds: bucket,
        happened: byKind(happened),
        marks: (await marksBetween(db, { from, to }, marksMax)).map(shownMark),
      };
    },
  });

/** Where the window begins, which is later on a young host; on the hour, so that its buckets are those of a clock. */
function wholeFrom(to: Date, keepDays: number, earliest: Date | undefined): Date {
  const kept = to.getTime() - keepDays * dayMilliseconds;
  const first = Math.min(Math.max(kept, earliest?.getTime() ?? kept), to.getTime() - hourMilliseconds);
  return new Date(first - (first % hourMilliseconds));
}

function byKind(happened: readonly Happened[]): { at: string; kind: string; count: number }[] {
  const sums = new Map<string, { at: string; kind: string; count: number }>();
  for (const { at, action, count: found } of happened) {
    const kind = kindOf(action);
    const sum = sums.get(`${at} ${kind}`) ?? { at, kind, count: 0 };
    sums.set(`${at} ${kind}`, { ...sum, count: sum.count + found });
  }
  return [...sums.values()];
}

const shownMark = ({ at, action, by, module, fileName, records, detail }: Mark) => ({
  at,
  kind: action === "restore" ? (detail?.backFrom === undefined ? "restore" : "back") : action,
  by,
  module,
  fileName,
  records,
  target: detail?.target ?? null,
});

/** A bucket wider than any window: everything is one number. */
const wholeSeconds = 10 * 365 * 86_400;

export const showSince = (desk: RestoreDesk | undefined) =>
  query({
    name: "restore.since",
    summary: "What was done since a moment, and so would not be there after a restore to it.",
    permission,
    input: z.strictObject({ moment: rawText(40) }),
    output: z.object({ moment: z.string(), imports: z.int(), counts: z.array(count) }),
    allows: mustReachAll,
    run: async ({ db, input, call }) => {
      const now = new Date();
      const moment = await targetOf(deskOf(desk), call, { field: "moment", text: input.moment }, now);
      const since = { from: moment, to: now };
      const sums = byKind(await happenedBetween(db, since, wholeSeconds));
      const runs = (await marksBetween(db, since, marksMax)).filter(({ action }) => action === "import.run");
      return {
        moment: moment.toISOString(),
        imports: runs.length,
        counts: sums.map(({ kind, count: found }) => ({ kind, count: found })),
      };
    },
  });

export const listRestoresAction = (desk: RestoreDesk | undefined) =>
  query({
    name: "restore.list",
    summary: "What was asked of the backups and what became of it, the newest first.",
    permission,
    input: z.strictObject({}),
    // Without backups there is nothing to list, which is no mistake of who looks.
    output: z.object({ isKept: z.boolean(), withoutApproval: z.boolean(), items: z.array(requestOutput) }),
    allows: mustReachAll,
    run: async ({ db, call }) => {
      if (desk === undefined) return { isKept: false, withoutApproval: false, items: [] };
      const { standing, requests, restores } = await desk.list(call.tenant.id);
      const told = paired(requests, restores);
      const names = await namesOf(db, usersNamed(told));
      const back = wayBack(restores, standing, new Date());
      return {
        isKept: true,
        withoutApproval: standing.withoutApproval,
        items: told.map((each) => shownRequest(each, { names, back })),
      };
    },
  });
