import { z } from "zod";
import { besideMoment, getMoment, query, uuidText, type Actor, type Call, type Db } from "#core/index.ts";
import { recordId, type Module } from "#records/index.ts";
import { differenceOutput, recordDifference, shownDifferences } from "./differences.ts";
import { beforeAll, kinds, scan, type Found } from "./scan.ts";
import { sideOf } from "./sides.ts";

/** After so long a page is answered with what was found so far; the next one goes on from there. */
const pageMilliseconds = 1_500;

const momentId = uuidText();
const next = z.string().nullable();
const moduleOf = (modules: readonly Module[]) => z.enum(modules.map(({ name }) => name));

type Asked = { db: Db; actor: Actor; call: Call };

/** Work in both databases at once, as the same actor. */
export async function inBoth<T>(
  { db, actor, call }: Asked,
  id: string,
  work: (then: Db) => Promise<T>,
): Promise<T> {
  const moment = await getMoment(call, id);
  return await besideMoment(moment, { db, actor, token: call.token }, work);
}

export function compareActions(modules: readonly Module[]) {
  const named = (name: string) => modules.find((module) => module.name === name) as Module;
  const page = z.strictObject({
    id: momentId,
    module: moduleOf(modules),
    after: recordId.optional(),
  });
  return {
    changes: query({
      name: "moment.changes",
      summary:
        "Records that were deleted, changed or added since the moment, as far as the asker sees both. A page may be short; only `next` tells the end.",
      input: page.extend({
        kind: z.enum(kinds),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      output: z.object({ items: z.array(differenceOutput), next }),
      run: async (work) => {
        const { input } = work;
        const module = named(input.module);
        return await inBoth(work, input.id, async (then) => {
          const wanted = (found: Found) => found.kind === input.kind;
          const read = await pageOf(
            work,
            then,
            module,
            input.after,
            (found) => found.filter(wanted),
            input.limit,
          );
          const items = await shownDifferences(work, then, module, read.found);
          return { items, next: read.next };
        });
      },
      audited: ({ id, kind, module }, { items }) => ({
        module,
        detail: { moment: id, kind, rows: items.length },
      }),
    }),
    counts: query({
      name: "moment.counts",
      summary: "How many records were deleted, changed and added since the moment; summed over the pages.",
      input: page,
      output: z.object({ deleted: z.int(), changed: z.int(), new: z.int(), next }),
      run: async (work) => {
        const { input } = work;
        return await inBoth(work, input.id, async (then) => {
          const read = await pageOf(work, then, named(input.module), input.after, (found) => found, Infinity);
          const count = (kind: Found["kind"]) => read.found.filter((each) => each.kind === kind).length;
          return { deleted: count("deleted"), changed: count("changed"), new: count("new"), next: read.next };
        });
      },
      audited: ({ id, module }) => ({ module, detail: { moment: id } }),
    }),
    record: query({
      name: "moment.record",
      summary: "One record then and now, and the fields in which it differs.",
      input: z.strictObject({ id: momentId, module: moduleOf(modules), recordId }),
      output: differenceOutput.extend({
        kind: z.enum([...kinds, "same", "gone"]),
        before: z.record(z.string(), z.unknown()).nullable(),
        now: z.record(z.string(), z.unknown()).nullable(),
      }),
      find: (work) =>
        inBoth(work, work.input.id, (then) =>
          recordDifference(work, then, named(work.input.module), work.input.recordId),
        ),
      run: async (_work, found: NonNullable<Awaited<ReturnType<typeof recordDifference>>>) => found,
      audited: ({ id, module, recordId: of }) => ({ module, recordId: of, detail: { moment: id } }),
    }),
  };
}

async function pageOf(
  { db, actor }: Asked,
  then: Db,
  module: Module,
  after: string | undefined,
  pick: (found: Found[]) => Found[],
  limit: number,
): Promise<{ found: Found[]; next: string | null }> {
  const until = performance.now() + pageMilliseconds;
  const found: Found[] = [];
  for await (const batch of scan(
    sideOf(then, actor, module),
    sideOf(db, actor, module),
    after ?? beforeAll,
  )) {
    found.push(...pick(batch.found));
    if (found.length > limit) return { found: found.slice(0, limit), next: found[limit - 1]!.id };
    if (batch.upTo === undefined) break;
    if (performance.now() > until) return { found, next: batch.upTo };
  }
  return { found, next: null };
}
