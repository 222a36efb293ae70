import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { expectRefused } from "#testing/refusals.ts";

let api: TestApi;
let admin: Browser;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
});
afterAll(() => api.close());

const refused = (
  ask: () => Promise<{ status: number; body: any }>,
  expected: { status: number; code: string; field?: string },
) => expectRefused(api, ask, expected);

const create =
  (fields: unknown, path = "/api/organisations") =>
  () =>
    admin.ask("POST", path, fields);

describe("fields of a record are refused by name", () => {
  const invalid = (field: string) => ({ status: 400, code: "invalid_input", field });
  test.each([
    ["no name", {}, "name"],
    ["an empty name", { name: "   " }, "name"],
    ["a name of 201 characters", { name: "x".repeat(201) }, "name"],
    ["a number for a name", { name: 7 }, "name"],
    ["a zero byte", { name: "a\0b" }, "name"],
    ["half a character", { name: "a\ud800" }, "name"],
    ["an unknown field", { name: "A", colour: "red" }, "colour"],
    ["a system field", { name: "A", createdBy: 1 }, "createdBy"],
    ["a prototype", JSON.parse('{"name":"A","constructor":{}}'), "constructor"],
    ["a text for a number", { name: "A", employees: "12" }, "employees"],
    ["a fraction of an employee", { name: "A", employees: 1.5 }, "employees"],
    ["a number too large", { name: "A", employees: 1e12 }, "employees"],
    ["a negative revenue", { name: "A", revenue: -1 }, "revenue"],
    ["three decimals", { name: "A", revenue: 1.005 }, "revenue"],
    ["no e-mail address", { name: "A", email: "nobody" }, "email"],
    ["a script for a website", { name: "A", website: "javascript:alert(1)" }, "website"],
    ["a parent that is no id", { name: "A", parent: "x" }, "parent"],
    ["a parent that is not there", { name: "A", parent: randomUUID() }, "parent"],
    ["a responsible that is not there", { name: "A", responsible: 9999 }, "responsible"],
    ["a territory that is not there", { name: "A", territory: 9999 }, "territory"],
  ])("%s", (_name, fields, field) => refused(create(fields), invalid(field)));

  test.each([
    ["a person without organisation", "/api/persons", { lastName: "A" }, "organisation"],
    ["a stage that is none", "/api/opportunities", { name: "A", stage: "frozen" }, "stage"],
    [
      "a day that is none",
      "/api/opportunities",
      { name: "A", stage: "won", closesOn: "2017-02-30" },
      "closesOn",
    ],
    [
      "a currency that is none",
      "/api/opportunities",
      { name: "A", stage: "won", currency: "XXX" },
      "currency",
    ],
    ["a kind that is none", "/api/activities", { name: "A", kind: "nap" }, "kind"],
    ["a time that is none", "/api/activities", { name: "A", kind: "task", dueAt: "tomorrow" }, "dueAt"],
  ])("%s", (_name, path, fields, field) => refused(create(fields, path), invalid(field)));
});

describe("bodies that are not what they say", () => {
  const raw =
    (payload: Buffer | string, type = "application/json") =>
    () =>
      admin.ask("POST", "/api/organisations", undefined, { raw: payload, headers: { "content-type": type } });
  test("broken UTF-8", () =>
    refused(raw(Buffer.from([0x7b, 0x22, 0x6e, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])), {
      status: 400,
      code: "invalid_input",
      field: "body",
    }));
  test("broken JSON", () => refused(raw("{name"), { status: 400, code: "invalid_input", field: "body" }));
  test("a poisoned prototype", () =>
    refused(raw('{"name":"A","__proto__":{"x":1}}'), { status: 400, code: "invalid_input", field: "body" }));
  test("a list", () => refused(raw("[]"), { status: 400, code: "invalid_input" }));
  test("ten megabytes", () =>
    refused(raw(JSON.stringify({ name: "x".repeat(10_000_000) })), { status: 413, code: "too_large" }));
  test("XML", () => refused(raw("<name/>", "application/xml"), { status: 415, code: "unsupported_type" }));
  test("a hundred thousand levels", () =>
    refused(raw("[".repeat(100_000) + "]".repeat(100_000)), { status: 400, code: "invalid_input" }));
});
