import { z } from "zod";
import { allRoutes } from "../../src/apps/all-routes.ts";

type Definition = Record<string, any>;
const definitionOf = (shape: unknown): Definition => (shape as { _zod: { def: Definition } })._zod.def;

/** Where in an action's input a shape stands: "user.create.email". */
export type Place = { readonly path: string; readonly shape: z.ZodType };

const actions = new Map(
  Object.values(allRoutes()).map(({ action }) => [action.name, action.input as z.ZodType]),
);

/** Every shape within the inputs of all actions, from the table that the server serves. */
export const places: readonly Place[] = [...actions].flatMap(([name, input]) => [...within(name, input)]);

function* within(path: string, shape: z.ZodType): Generator<Place> {
  yield { path, shape };
  const definition = definitionOf(shape);
  for (const [name, each] of Object.entries(definition["shape"] ?? {}))
    yield* within(`${path}.${name}`, each as z.ZodType);
  for (const part of [
    "innerType",
    "element",
    "keyType",
    "valueType",
    "in",
    "out",
    "left",
    "right",
    "catchall",
  ])
    if (definition[part] !== undefined) yield* within(path, definition[part]);
  for (const each of definition["options"] ?? []) yield* within(path, each);
  for (const each of definition["items"] ?? []) yield* within(path, each);
}

export const isText = ({ shape }: Place): boolean => definitionOf(shape)["type"] === "string";
export const isList = ({ shape }: Place): boolean =>
  ["array", "set", "map"].includes(definitionOf(shape)["type"]);

const checksOf = (shape: z.ZodType): Definition[] => (definitionOf(shape)["checks"] ?? []).map(definitionOf);

/** The most characters a text may have; undefined when something is asked of it before its length. */
export function lengthMaxOf(shape: z.ZodType): number | undefined {
  if (definitionOf(shape)["format"] !== undefined || definitionOf(shape)["coerce"] === true) return undefined;
  const first = checksOf(shape).find(({ check }) => check !== "overwrite");
  return first?.["check"] === "max_length" && first["abort"] === true ? first["maximum"] : undefined;
}

export const countMaxOf = (shape: z.ZodType): number | undefined =>
  checksOf(shape).find(({ check }) => check === "max_length")?.["maximum"];

/** The expressions that zod's formats and our shapes hold. */
export const formats: readonly RegExp[] = places.flatMap(({ shape }) =>
  checksOf(shape).flatMap(({ pattern }) => (pattern instanceof RegExp ? [pattern] : [])),
);
