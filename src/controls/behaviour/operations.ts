import type { Browser } from "../canary/index.ts";

export type Schema = {
  type?: string | string[];
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  anyOf?: Schema[];
  default?: unknown;
};
type Described = {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema }> };
};

/** One thing the API can be asked, as it describes itself. */
export type Operation = Described & { method: string; path: string };

/** Every operation of the running system, from its own description. */
export async function describedOperations(browser: Browser): Promise<Operation[]> {
  const { body } = await browser.ask("GET", "/api/openapi.json");
  const paths = body.paths as Record<string, Record<string, Described>>;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...described,
      method: method.toUpperCase(),
      path,
    })),
  );
}

/** Values for fields by name, where their shape alone does not tell a good one. */
export type Known = Readonly<Record<string, unknown>>;

/** The parameters and fields an operation must have, with values of their shape. */
export function exampleOf(
  { parameters, requestBody }: Operation,
  known: Known,
): { query: string; body: Record<string, unknown> } {
  const query = new URLSearchParams();
  for (const { name, in: place, required, schema } of parameters)
    if (place === "query" && required) query.set(name, String(valueOf(name, schema, known)));
  const [content] = Object.values(requestBody?.content ?? {});
  return { query: query.size === 0 ? "" : `?${query}`, body: requiredFields(content?.schema, known) };
}

const requiredFields = (schema: Schema | undefined, known: Known): Record<string, unknown> =>
  Object.fromEntries(
    (schema?.required ?? []).map((name) => [name, valueOf(name, schema?.properties?.[name] ?? {}, known)]),
  );

function valueOf(name: string, schema: Schema, known: Known): unknown {
  if (name in known) return known[name];
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.anyOf !== undefined)
    return schema.anyOf.some(({ type }) => type === "null")
      ? null
      : valueOf("", schema.anyOf[0] ?? {}, known);
  switch (Array.isArray(schema.type) ? schema.type[0] : schema.type) {
    case "integer":
    case "number":
      return 1;
    case "boolean":
      return false;
    case "array":
      return [];
    case "object":
      return requiredFields(schema, known);
    default:
      return "checked";
  }
}
