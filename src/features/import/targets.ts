import { Refusal, scopeOf, type Actor } from "#core/index.ts";
import { fieldsOf, ownFields, type Field, type Module } from "#records/index.ts";
import { userFieldWords } from "./import.words.ts";

/** What a file can become: a module's records, or users. */
export type Target = {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly module: Module | undefined;
};

const placed = new Set(["responsible", "secondResponsible", "territory"]);

const userFields: readonly Field[] = [
  { name: "fullName", type: "text", lengthMax: 200, words: userFieldWords.fullName, required: true },
  { name: "group", type: "text", lengthMax: 100, words: userFieldWords.group },
  { name: "territory", type: "text", lengthMax: 100, words: userFieldWords.territory },
  { name: "level", type: "integer", min: 1, max: 99, words: userFieldWords.level },
];

/** The fields that people write themselves; no other can be imported. */
export function targetsOf(modules: readonly Module[]): readonly Target[] {
  const records = modules.map((module) => ({
    name: module.name,
    module,
    fields: [
      ...ownFields(module),
      ...(module.follows === undefined ? fieldsOf(module).filter(({ name }) => placed.has(name)) : []),
    ],
  }));
  return [...records, { name: "user", module: undefined, fields: userFields }];
}

/** Throws "forbidden" when the actor may not add any of these at all. */
export function mustAdd(actor: Actor, target: Target): void {
  if (target.module === undefined) {
    if (!actor.permissions.includes("users")) throw new Refusal("forbidden", { permission: "users" });
  } else if (scopeOf(actor, target.name, "create") === "none")
    throw new Refusal("forbidden", { right: { module: target.name, verb: "create" } });
}
