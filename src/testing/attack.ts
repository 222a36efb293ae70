import fc from "fast-check";
import type { Browser, TestApi } from "./api.ts";
import { fingerprint } from "./refusals.ts";

type Schema = Record<string, any>;
export type Operation = {
  method: string;
  path: string;
  parameters: Schema[];
  body: Schema | undefined;
  file: boolean;
};
export type Known = { records: readonly string[]; users: readonly number[] };
/** A call, and what is wrong with its answer. */
export type Fault = { call: string; wrong: string };
export type Attacked = { calls: number; refused: number; faults: Fault[] };

/** Bytes one answer may have. */
const answerBytesMax = 2 * 1024 * 1024;
/** They end the asker's own session, or never end. */
const leftOut = /^\/api\/(stream|sign-out|sign-out-everywhere|session\/password|sessions\/.*|sign-in)$/;

const oddTexts = [
  "",
  " ",
  "\0",
  "\ud800",
  "'; drop table x; --",
  "../../etc/passwd",
  "=1+1",
  "é".repeat(300),
];
const oddTimes = [
  "0000-00-00",
  "infinity",
  "-infinity",
  "2026-02-30",
  "99999-01-01T00:00:00Z",
  "9".repeat(400),
];
const oddJson: unknown[] = [
  '{"field":"name"}',
  '{"field":"constructor","op":"toString"}',
  '{"field":"name","op":{"toString":1}}',
  "[[[[",
  true,
  null,
  [],
  {},
  [[]],
  { constructor: 1 },
  { toString: 1 },
];
/** Names of fields that nobody asked for. */
const oddNames = ["\0", "\ud800", "toString", "constructor", "__proto__", "é".repeat(300)];
const oddNumbers = [0, -1, 2_147_483_647, 2_147_483_648, 1e308, -1e308, 0.001];
const nasty = fc.constantFrom<unknown>(...oddTexts, ...oddTimes, ...oddJson, ...oddNumbers);

/** The operations of the API's own description. */
export function operationsOf(description: Schema): Operation[] {
  return Object.entries<Schema>(description["paths"]).flatMap(([path, methods]) =>
    Object.entries<Schema>(methods).flatMap(([method, { parameters, requestBody }]) =>
      leftOut.test(path)
        ? []
        : [
            {
              method: method.toUpperCase(),
              path,
              parameters,
              body: requestBody?.content["application/json"]?.schema,
              file: requestBody?.content["text/csv"] !== undefined,
            },
          ],
    ),
  );
}

/** Values that fit a schema, nearly fit it, or do not at all. */
function valueOf(schema: Schema | undefined, known: Known): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 8, arbitrary: fitting(schema ?? {}, known) }, { weight: 1, arbitrary: nasty });
}

function fitting(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  if (schema["anyOf"] !== undefined)
    return fc.oneof(...(schema["anyOf"] as Schema[]).map((each) => fitting(each, known)));
  if (schema["enum"] !== undefined) return fc.constantFrom(...(schema["enum"] as unknown[]));
  switch (schema["type"]) {
    case "string":
      return textOf(schema, known);
    case "integer":
    case "number":
      return fc.constantFrom(...known.users, schema["minimum"] ?? 1, schema["maximum"] ?? 99, 25, 61);
    case "boolean":
      return fc.boolean();
    case "array":
      return fc.array(valueOf(schema["items"], known), { maxLength: 3 });
    case "object":
      return objectOf(schema, known);
    default:
      return nasty;
  }
}

function textOf({ format, maxLength }: Schema, { records }: Known): fc.Arbitrary<unknown> {
  if (format === "uuid") return fc.oneof(fc.constantFrom(...records), fc.uuid());
  if (format === "date") return fc.constant("2026-11-22");
  if (format === "date-time") return fc.constant("2026-11-22T10:00:00Z");
  return fc.oneof(
    fc.string({ maxLength: Math.min(maxLength ?? 40, 40), unit: "binary" }),
    fc.constantFrom("engaging", "won", "name", "-name", "name,city", "a@example.com", "https://example.com"),
    fc.constantFrom(
      '{"field":"name","op":"contains","value":"%_\\\\"}',
      '{"not":{"field":"name","op":"empty"}}',
    ),
  );
}

function objectOf(schema: Schema, known: Known): fc.Arbitrary<unknown> {
  const properties = Object.entries<Schema>(schema["properties"] ?? {});
  const required = ((schema["required"] as string[] | undefined) ?? []).filter((name) =>
    properties.some(([each]) => each === name),
  );
  const shape = Object.fromEntries(properties.map(([name, each]) => [name, valueOf(each, known)]));
  const fits = fc.record(shape, { requiredKeys: required });
  const more = fc
    .tuple(fits, fc.constantFrom(...oddNames))
    .map(([one, name]) => Object.defineProperty(one, name, { value: 1, enumerable: true }));
  return fc.oneof({ weight: 12, arbitrary: fits }, { weight: 1, arbitrary: more });
}

type Call = { path: string; query: Record<string, string>; body: unknown; headers: Record<string, string> };

function callsOf({ path, parameters, body, file }: Operation, known: Known): fc.Arbitrary<Call> {
  const values = (place: string): fc.Arbitrary<Record<string, unknown>> => {
    const here = parameters.filter((each) => each["in"] === place);
    const shape = Object.fromEntries(here.map((each) => [each["name"], valueOf(each["schema"], known)]));
    return place === "path" ? fc.record(shape) : fc.record(shape, { requiredKeys: [] });
  };
  const version = fc.constantFrom('"1"', '"2"', '"x"', undefined);
  const content = file
    ? fc.constantFrom("name\nA\n", 'name;city\n"A;=1\n', "\0")
    : valueOf(body ?? {}, known);
  return fc
    .record({ inPath: values("path"), query: values("query"), body: content, version })
    .map((made) => ({
      path: path.replaceAll(
        /\{(\w+)\}/g,
        (_, name: string) => encodeURIComponent(wellFormed(made.inPath[name])) || "x",
      ),
      query: Object.fromEntries(Object.entries(made.query).map(([name, value]) => [name, wellFormed(value)])),
      body: made.body,
      headers: {
        "content-type": file ? "text/csv" : "application/json",
        ...(made.version === undefined ? {} : { "if-match": made.version }),
      },
    }));
}

const wellFormed = (value: unknown): string =>
  (typeof value === "string" ? value : (JSON.stringify(value) ?? "")).toWellFormed().slice(0, 2000);

/**
 * Asks everything the API describes, as one person, `calls` times in all. What the same seed asks is the same. After a
 * refusal not one row of the tenant may be another; nothing may fail, be larger than its budget or show a session.
 */
export async function attack(
  api: TestApi,
  browser: Browser,
  {
    calls,
    seed,
    known,
    sessions,
  }: { calls: number; seed: number; known: Known; sessions: readonly string[] },
): Promise<Attacked> {
  const operations = operationsOf((await api.asAdministrator.ask("GET", "/api/openapi.json")).body);
  const each = Math.ceil(calls / operations.length);
  const done: Attacked = { calls: 0, refused: 0, faults: [] };
  let before = await fingerprint(api);
  for (const operation of operations)
    for (const call of fc.sample(callsOf(operation, known), { numRuns: each, seed })) {
      const changes = operation.method !== "GET";
      const sent = { query: call.query, headers: changes ? call.headers : {} };
      const raw = operation.file ? { raw: String(call.body) } : {};
      const body = changes && !operation.file ? call.body : undefined;
      const { status, text } = await browser.ask(operation.method, call.path, body, { ...sent, ...raw });
      done.calls += 1;
      if (status >= 400) done.refused += 1;
      const complain = (wrong: string) =>
        done.faults.push({ call: `${operation.method} ${JSON.stringify(call)}`.slice(0, 2000), wrong });
      if (status >= 500) complain(`answered ${status}: ${text.slice(0, 300)}`);
      if (text.length > answerBytesMax) complain(`answered ${text.length} bytes`);
      if (sessions.some((token) => text.includes(token))) complain("answered with a session");
      if (!changes) continue;
      const after = await fingerprint(api);
      if (status >= 400 && after !== before) complain(`refused with ${status}, and yet something changed`);
      before = after;
    }
  return done;
}
