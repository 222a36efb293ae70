import { sql } from "kysely";
import { reachOf } from "#access/index.ts";
import { planned, Refusal, type Actor, type Db } from "#core/index.ts";
import { visibleAmong } from "./change.store.ts";
import { invalid } from "./columns.ts";
import { fieldsOf, type Module } from "./definition.ts";
import { recordWords } from "./record.words.ts";

/** Refuses, naming the field, when an input refers to what is not there for the actor. */
export async function checkReferences(
  db: Db,
  actor: Actor,
  module: Module,
  input: Record<string, unknown>,
): Promise<void> {
  for (const field of fieldsOf(module)) {
    const value = input[field.name];
    if (value === undefined || value === null) continue;
    const known =
      field.type === "relation"
        ? (await visibleAmong(db, actor, field.module, [String(value)])).size === 1
        : field.type === "user"
          ? await exists(db, sql`access.users where id = ${value} and active`)
          : field.type === "territory"
            ? await territoryWithinReach(db, actor, module, Number(value))
            : field.type === "choice" && field.choices === "stages"
              ? await exists(db, sql`public.stage where key = ${value}`)
              : true;
    if (!known)
      throw invalid(
        field.name,
        field.type === "choice" ? "not_a_choice" : "not_found",
        recordWords.notFoundHere[actor.language],
      );
  }
}

async function exists(db: Db, from: ReturnType<typeof sql>): Promise<boolean> {
  const { rows } = await sql`select 1 from ${from}`.execute(planned(db));
  return rows.length === 1;
}

async function territoryWithinReach(
  db: Db,
  actor: Actor,
  module: Module,
  territory: number,
): Promise<boolean> {
  if (!(await exists(db, sql`access.territory where id = ${territory}`))) return false;
  const reach = reachOf(actor, module.name, "view");
  if (!reach.everywhere && !reach.territories.includes(territory))
    throw new Refusal("beyond_own_rights", { field: "territory" });
  return true;
}
