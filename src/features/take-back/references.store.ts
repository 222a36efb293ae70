import { sql } from "kysely";
import { reachOf } from "#access/index.ts";
import { planned, type Actor, type Db } from "#core/index.ts";
import { columnOf, visibleAmong, type Field, type Module } from "#records/index.ts";
import type { Plan } from "./plan.ts";
import type { Turned } from "./reasons.ts";

export type Missing = Turned & {
  /** The record that would have to be there, as module and id. */ readonly target?: string;
};
export const targetKey = (module: string, id: unknown): string => `${module} ${String(id)}`;

type Found = { related: Set<string>; users: Set<number>; territories: Set<number>; stages: Set<string> };

/** The first reference of each plan whose target is not there for the actor. Asked for all at once. */
export async function missingReferences(
  db: Db,
  actor: Actor,
  module: Module,
  plans: readonly Plan[],
): Promise<(plan: Plan) => Missing | undefined> {
  const found = await findTargets(db, actor, plans);
  const reach = reachOf(actor, module.name, "view");
  const missing = (field: Field, { now, after }: Plan): Missing | undefined => {
    const value = after[columnOf(field)];
    if (value === null || value === undefined) return undefined;
    if (field.type === "relation") {
      const target = targetKey(field.module, value);
      return found.related.has(target) ? undefined : { reason: "reference_gone", field: field.name, target };
    }
    // Who it belongs to already may have left; nobody is asked anew.
    if (now?.[columnOf(field)] === value) return undefined;
    if (field.type === "user" && !found.users.has(Number(value)))
      return { reason: "user_gone", field: field.name };
    if (field.type === "territory" && after.territory_set) {
      if (!found.territories.has(Number(value))) return { reason: "territory_gone", field: field.name };
      if (!reach.everywhere && !reach.territories.includes(Number(value)))
        return { reason: "out_of_reach", field: field.name };
    }
    if (field.type === "choice" && field.choices === "stages" && !found.stages.has(String(value)))
      return { reason: "stage_gone", field: field.name };
    return undefined;
  };
  return (plan) => {
    for (const field of plan.fields) {
      const one = missing(field, plan);
      if (one !== undefined) return one;
    }
    return undefined;
  };
}

async function findTargets(db: Db, actor: Actor, plans: readonly Plan[]): Promise<Found> {
  const wanted = (is: (field: Field) => boolean) =>
    plans.flatMap(({ fields, after }) => fields.filter(is).map((field) => after[columnOf(field)]));
  const related = new Set<string>();
  const modules = new Set(
    plans.flatMap(({ fields }) =>
      fields.flatMap((field) => (field.type === "relation" ? [field.module] : [])),
    ),
  );
  for (const module of modules) {
    const ids = wanted((field) => field.type === "relation" && field.module === module);
    const known = ids.filter((id) => typeof id === "string");
    for (const id of (await visibleAmong(db, actor, module, known)).keys())
      related.add(targetKey(module, id));
  }
  const numbers = async (from: string, of: Field["type"]) => {
    const ids = wanted((field) => field.type === of).filter((id) => typeof id === "number");
    const { rows } = await sql<{
      id: number;
    }>`select id from ${sql.raw(from)} id = any(${ids}::integer[])`.execute(planned(db));
    return new Set(rows.map(({ id }) => id));
  };
  const stages = await sql<{ key: string }>`select key from public.stage`.execute(planned(db));
  return {
    related,
    users: await numbers("access.users where active and", "user"),
    territories: await numbers("access.territory where", "territory"),
    stages: new Set(stages.rows.map(({ key }) => key)),
  };
}
