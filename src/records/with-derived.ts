import { dayIn, type Work } from "#core/index.ts";
import type { Module } from "./definition.ts";

type Values = Record<string, unknown>;

/** What somebody says of a record, and what follows from it. */
export async function withDerived(
  { db, actor, call }: Pick<Work<unknown>, "db" | "actor" | "call">,
  module: Module,
  said: Values,
  before?: Readonly<Values>,
): Promise<Values> {
  if (module.derives === undefined) return said;
  const derive = await module.derives.prepare(db, {
    today: dayIn(call.zone, new Date()),
    language: actor.language,
  });
  return { ...said, ...derive(said, before) };
}
