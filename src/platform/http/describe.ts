import { z } from "zod";
import { refusalStatus } from "#core/index.ts";
import { fileTypes } from "./bodies.ts";
import type { Route, RouteTable } from "./routes.ts";

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of a table of routes; parameters and bodies come from the very shapes that are enforced. */
export function describeRoutes(table: RouteTable): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [methodAndPath, route] of Object.entries(table)) {
    const [method = "GET", path = "/"] = methodAndPath.split(" ");
    const address = `/api${path.replace(/:(\w+)/g, "{$1}")}`;
    paths[address] = { ...paths[address], [method.toLowerCase()]: operation(method, path, route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Strongroom",
      version: "1",
      description: "Every answer is what the signed-in user may see; what is not there for him answers 404.",
    },
    components: {
      securitySchemes: { session: { type: "apiKey", in: "cookie", name: "__Host-strongroom" } },
      schemas: { Refusal: refusalSchema },
    },
    security: [{ session: [] }],
    paths,
  };
}

const refusalSchema = {
  type: "object",
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "requestId"],
      properties: {
        code: { type: "string", enum: Object.keys(refusalStatus) },
        message: { type: "string" },
        field: { type: "string" },
        retryAfterSeconds: { type: "integer" },
        requestId: { type: "string" },
      },
    },
  },
};

function operation(method: string, path: string, route: Route): Json {
  const input = schemaOf(route.action.input, "input");
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? "");
  const properties = (input["properties"] ?? {}) as Record<string, Json>;
  const isFile = route.file !== undefined;
  const isQueried = (name: string) => (method === "GET" || isFile) && name !== route.file;
  const parameters = Object.entries(properties).filter(([name]) => inPath.includes(name) || isQueried(name));
  const content = method === "GET" ? undefined : isFile ? fileContent : bodyOf(input, properties, inPath);
  return {
    operationId: route.action.name,
    summary: route.action.summary,
    tags: [route.action.name.split(".")[0]],
    parameters: parameters.map(([name, schema]) => parameter(name, schema, inPath, input)),
    ...(content === undefined ? {} : { requestBody: { content, required: isFile } }),
    responses: {
      [String(route.status ?? 200)]: {
        description: "Done",
        content: {
          [route.mediaType ?? "application/json"]: { schema: schemaOf(route.action.output, "output") },
        },
      },
      default: {
        description: "Refused",
        content: { "application/json": { schema: { $ref: "#/components/schemas/Refusal" } } },
      },
    },
  };
}

const parameter = (name: string, schema: Json, inPath: readonly string[], input: Json): Json => ({
  name,
  in: inPath.includes(name) ? "path" : "query",
  required: inPath.includes(name) || ((input["required"] as string[] | undefined)?.includes(name) ?? false),
  schema,
});

/** A file is its bytes, which OpenAPI 3.1 says by a content type alone. */
const fileContent: Json = Object.fromEntries(fileTypes.map((type) => [type, {}]));

function bodyOf(input: Json, properties: Record<string, Json>, inPath: readonly string[]): Json | undefined {
  if ("changes" in properties) return jsonContent(properties["changes"]);
  const own = Object.fromEntries(Object.entries(properties).filter(([name]) => !inPath.includes(name)));
  if (Object.keys(own).length === 0) return undefined;
  const required = ((input["required"] as string[] | undefined) ?? []).filter((name) => name in own);
  return jsonContent({ type: "object", properties: own, required, additionalProperties: false });
}

const jsonContent = (schema: unknown): Json => ({ "application/json": { schema } });

const schemaOf = (shape: z.ZodType, io: "input" | "output"): Json =>
  z.toJSONSchema(shape, { io, unrepresentable: "any" }) as Json;
