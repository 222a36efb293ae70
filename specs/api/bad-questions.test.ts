import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { expectRefused } from "#testing/refusals.ts";

let api: TestApi;
let admin: Browser;
let ownId: number;
let organisation: { id: string; version: number };

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
  ownId = (await admin.ask("GET", "/api/session")).body.user.id;
  organisation = (await admin.ask("POST", "/api/organisations", { name: "Acme" })).body;
});
afterAll(() => api.close());

const refused = (
  ask: () => Promise<{ status: number; body: any }>,
  expected: { status: number; code: string; field?: string },
) => expectRefused(api, ask, expected);

const filtered = (filter: unknown) => () =>
  admin.ask("GET", "/api/organisations", undefined, {
    query: { filter: typeof filter === "string" ? filter : JSON.stringify(filter) },
  });
const deep = (levels: number): unknown =>
  levels === 0 ? { field: "name", op: "eq", value: "x" } : { not: deep(levels - 1) };

/** As deep as a filter's length allows; turned into a text it would overflow the stack. */
const lists = "[".repeat(9_900) + "]".repeat(9_900);

describe("questions that cannot be asked", () => {
  const bad = { status: 400, code: "invalid_input", field: "filter" };
  test.each([
    ["no JSON", "{", bad],
    ["a list", [], bad],
    ["an unknown field", { field: "password_hash", op: "eq", value: "x" }, bad],
    ["an unknown operator", { field: "name", op: "like", value: "x" }, bad],
    ["an operator that is no text", { field: "name", op: { toString: 1 }, value: "x" }, bad],
    ["an operator that every object has", { field: "employees", op: "constructor", value: 1 }, bad],
    ["an operator within many lists", `{"field":"name","op":${lists},"value":"x"}`, bad],
    ["a field that is no text", { field: { toString: 1 }, op: "eq", value: "x" }, bad],
    ["a field within many lists", `{"field":${lists},"op":"eq","value":"x"}`, bad],
    ["an operator of another type", { field: "name", op: "gt", value: "x" }, bad],
    ["a value of another type", { field: "employees", op: "eq", value: "x" }, bad],
    ["no value", { field: "employees", op: "eq" }, bad],
    ["something besides", { field: "name", op: "eq", value: "x", sql: "1=1" }, bad],
    ["nothing to combine", { and: [] }, bad],
    ["nine levels", deep(9), bad],
    ["a thousand levels", deep(1000), bad],
    [
      "a thousand conditions",
      { or: Array.from({ length: 1000 }, () => ({ field: "name", op: "eq", value: "x" })) },
      bad,
    ],
    [
      "a thousand values",
      { field: "responsible", op: "in", value: Array.from({ length: 1000 }, (_, n) => n) },
      bad,
    ],
  ])("a filter with %s", (_name, filter, expected) => refused(filtered(filter), expected));

  test.each([
    ["sort=password", "sort"],
    ["sort=notes", "sort"],
    ["columns=name,secret", "columns"],
    ["limit=0", "limit"],
    ["limit=100000", "limit"],
    ["limit=many", "limit"],
    ["offset=10", "offset"],
    ["bin=perhaps", "bin"],
  ])("a list with %s", (parameters, field) =>
    refused(() => admin.ask("GET", `/api/organisations?${parameters}`), {
      status: 400,
      code: "invalid_input",
      field,
    }),
  );

  test.each(["x", "W10", Buffer.from('["aaaaaaaaaa","x","y"]').toString("base64url"), "A".repeat(1500)])(
    "a page after the marker %s",
    (after) =>
      refused(() => admin.ask("GET", `/api/organisations?after=${after}`), {
        status: 400,
        code: "cursor_expired",
      }),
  );

  test("a page after another list's marker", async () => {
    const { next } = (await admin.ask("GET", "/api/organisations?limit=1")).body;
    expect((await admin.ask("GET", `/api/organisations?limit=1&after=${next}`)).status).toBe(200);
    await refused(() => admin.ask("GET", `/api/organisations?limit=1&sort=-name&after=${next}`), {
      status: 400,
      code: "cursor_expired",
    });
  });
});

describe("changes that cannot be made", () => {
  const change = (id: string, fields: unknown, version?: string) => () =>
    admin.ask(
      "PATCH",
      `/api/organisations/${id}`,
      fields,
      version === undefined ? {} : { headers: { "if-match": version } },
    );
  test("without a version", () =>
    refused(change(organisation.id, { name: "B" }), { status: 428, code: "version_missing" }));
  test("with a version that is none", () =>
    refused(change(organisation.id, { name: "B" }, "latest"), {
      status: 400,
      code: "invalid_input",
      field: "If-Match",
    }));
  test("with a stale version", () =>
    refused(change(organisation.id, { name: "B" }, '"7"'), { status: 409, code: "conflict" }));
  test("of nothing", () =>
    refused(change(organisation.id, {}, '"1"'), { status: 400, code: "invalid_input" }));
  test.each([
    ["POST", () => `/api/organisations/${organisation.id}/reassign`],
    ["PATCH", () => `/api/users/${ownId}`],
    ["PATCH", () => "/api/territories/1"],
  ])("of nothing, by %s %s", (method, path) =>
    refused(() => admin.ask(method, path(), {}, { headers: { "if-match": '"1"' } }), {
      status: 400,
      code: "invalid_input",
    }),
  );
  test("of what is not there", () =>
    refused(change(randomUUID(), { name: "B" }, '"1"'), { status: 404, code: "not_found" }));
  test("of an id that is none", () =>
    refused(change("1", { name: "B" }, '"1"'), { status: 400, code: "invalid_input", field: "id" }));
  test("that put an organisation below itself", () =>
    refused(change(organisation.id, { parent: organisation.id }, '"1"'), {
      status: 400,
      code: "invalid_input",
      field: "parent",
    }));
  test("of the people through an edit", () =>
    refused(change(organisation.id, { responsible: 1 }, '"1"'), {
      status: 400,
      code: "invalid_input",
      field: "responsible",
    }));
  test("restoring what is not in the bin", () =>
    refused(
      () =>
        admin.ask(
          "POST",
          `/api/organisations/${organisation.id}/restore`,
          {},
          { headers: { "if-match": "1" } },
        ),
      { status: 404, code: "not_found" },
    ));
});

test("a name that is taken is refused by its field", async () => {
  await api.aUser({ name: "taken", level: 25 });
  const duplicate = { status: 409, code: "duplicate", field: "name" };
  await refused(
    () => admin.ask("POST", "/api/users", { name: "Taken", fullName: "X", level: 25 }),
    duplicate,
  );
  expect((await admin.ask("POST", "/api/territories", { name: "North" })).status).toBe(201);
  await refused(() => admin.ask("POST", "/api/territories", { name: "North" }), duplicate);
});

test("addresses that do not exist are not found, with any method", async () => {
  for (const [method, path] of [
    ["GET", "/api/nothing"],
    ["DELETE", "/api/organisations"],
    ["PUT", "/api/session"],
    ["GET", "/api/organisations/%ff"],
    ["GET", "/api/../../etc/passwd"],
    ["GET", `/api/organisations/${"x".repeat(5000)}`],
  ] as const) {
    const { status } = await admin.ask(method, path);
    expect([400, 404, 414]).toContain(status);
  }
});

test("a form sent twice makes one record and answers both times alike", async () => {
  const headers = { "idempotency-key": randomUUID() };
  const twice = await Promise.all(
    [1, 2].map(() => admin.ask("POST", "/api/organisations", { name: "Sent twice" }, { headers })),
  );
  expect(twice.map(({ status }) => status)).toEqual([201, 201]);
  expect(twice[0]?.body.id).toBe(twice[1]?.body.id);
  await refused(() => admin.ask("POST", "/api/organisations", { name: "Something else" }, { headers }), {
    status: 409,
    code: "duplicate",
  });
});

test("of two who change the same version, one is told that the other was first", async () => {
  const { id } = (await admin.ask("POST", "/api/organisations", { name: "Contested" })).body;
  const both = await Promise.all(
    ["A", "B"].map((name) =>
      admin.ask("PATCH", `/api/organisations/${id}`, { name }, { headers: { "if-match": '"1"' } }),
    ),
  );
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
});

test("every refusal is in the audit log, with the address it came from", async () => {
  const far = api.browser({ ip: "198.51.100.4" });
  await far.ask("GET", "/api/organisations");
  await far.ask("POST", "/api/organisations", undefined, {
    raw: "{",
    headers: { "content-type": "application/json" },
  });
  await admin.ask("GET", "/api/session");
  await expect
    .poll(() =>
      api.tenancy.asOwner(
        api.tenant,
        async (owner) =>
          (
            await owner.query(
              "select action, outcome from public.audit where ip = '198.51.100.4' order by seq",
            )
          ).rows,
      ),
    )
    .toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: "organisation.list", outcome: "signed_out" }),
        expect.objectContaining({ action: "organisation.create", outcome: "signed_out" }),
      ]),
    );
});
