import { z } from "zod";
import { query, type Action } from "#core/index.ts";
import { recordId, showRecord, type Module, type ShownRecord } from "#records/index.ts";
import { whoMayView, type Watcher } from "./timeline.store.ts";

const input = z.strictObject({ id: recordId });
/** The level that holds every right there is. */
const allRights = 99;
/** Shown at most; the total tells how many there are. */
const shownMax = 200;

type Seen = { id: number; name: string; level: { number: number; name: string }; because: string };
type Answer = {
  record: Record<string, unknown>;
  users: Seen[];
  total: number;
  /** How many there are for each reason, also those who are not shown. */
  reasons: Record<string, number>;
};

/** Who sees one record and why, by the rule that lets them. */
export function whoSees(module: Module): Action<z.infer<typeof input>, Answer> {
  return query({
    name: `${module.name}.who_sees`,
    summary: `Everybody who may see one ${module.name}, and because of what.`,
    input,
    output: z.object({
      users: z.array(z.object({ id: z.int(), name: z.string(), because: z.string() })),
      total: z.int(),
      reasons: z.record(z.string(), z.int()),
    }),
    find: (work) => showRecord(module).find?.(work) as Promise<ShownRecord | undefined>,
    run: async ({ db, actor }, record: ShownRecord) => {
      const [responsible, second, territory] = ["responsible", "secondResponsible", "territory"].map(
        (name) => record[name] as { id: number; name: string } | null,
      );
      const users = await whoMayView(db, module.name, [
        territory?.id ?? 0,
        responsible?.id ?? null,
        second?.id ?? null,
      ]);
      const because = (user: Watcher) =>
        user.id === responsible?.id
          ? "responsible"
          : user.id === second?.id
            ? "second_responsible"
            : user.scope === "group"
              ? "group"
              : !user.everywhere
                ? "territory"
                : user.level === allRights
                  ? "all"
                  : "unlimited";
      const seen = users.map((user) => ({
        id: user.id,
        name: user.full_name,
        level: { number: user.level, name: user.level_name[actor.language] },
        because: because(user),
      }));
      return {
        record: { territory, responsible, secondResponsible: second },
        users: seen.slice(0, shownMax),
        total: seen.length,
        reasons: Object.fromEntries(
          Map.groupBy(seen, ({ because: why }) => why)
            .entries()
            .map(([why, { length }]) => [why, length]),
        ),
      };
    },
    audited: (asked) => ({ module: module.name, recordId: asked.id }),
  });
}
