import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allRoutes } from "../../src/apps/all-routes.ts";
import type { Route } from "#platform/http/index.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
let reader: Browser;
beforeAll(async () => {
  api = await openTestApi();
  const { name, password } = await api.aUser({ name: "reader", level: 25 });
  reader = await api.signedIn(name, password);
});
afterAll(() => api.close());

type Entry = { method: string; path: string; route: Route };
const entries: Entry[] = Object.entries(allRoutes()).map(([key, route]) => {
  const [method = "", path = ""] = key.split(" ");
  return { method, path: `/api${path.replaceAll(/:\w+/g, randomUUID())}`, route };
});
const closed = entries.filter(({ route }) => route.open !== true);
const withBody = closed.filter(({ method }) => method !== "GET");

const megabyte = "[".repeat(1_048_576);
const bodies = [
  { what: "no JSON", raw: "{", type: "application/json" },
  { what: "a megabyte of brackets", raw: megabyte, type: "application/json" },
  { what: "more than anybody may send", raw: `${megabyte}[`, type: "application/json" },
  { what: "what nobody reads", raw: "x", type: "text/x-nonsense" },
];

test.each(bodies)(
  "who is not signed in is told so, and nothing of a body of $what is looked at",
  async ({ raw, type }) => {
    const nobody = api.browser();
    for (const { method, path } of withBody) {
      const answer = await nobody.ask(method, path, undefined, { raw, headers: { "content-type": type } });
      expect([method, path, answer.status, answer.body.error.code]).toEqual([
        method,
        path,
        401,
        "signed_out",
      ]);
    }
  },
);

test("who is not signed in is told so whatever he asks, also of a moment that is none", async () => {
  const nobody = api.browser();
  for (const { method, path } of closed) {
    const plain = await nobody.ask(method, `${path}?limit=nonsense`);
    const past = await nobody.ask(method, path, undefined, {
      headers: { "strongroom-moment": randomUUID() },
    });
    expect([method, path, plain.body.error.code, past.body.error.code]).toEqual([
      method,
      path,
      "signed_out",
      "signed_out",
    ]);
  }
});

test("signing in takes a name and a password at their longest, and no more", async () => {
  const body = JSON.stringify({ name: "\u0001".repeat(200), password: "\u0001".repeat(1000) });
  const send = (raw: string) =>
    api
      .browser()
      .ask("POST", "/api/sign-in", undefined, { raw, headers: { "content-type": "application/json" } });
  expect((await send(body)).body.error.code).toBe("sign_in_failed");
  expect((await send(body + " ".repeat(8_192))).body.error.code).toBe("too_large");
  const nowhere = await api.browser().ask("POST", "/api/nowhere", undefined, { raw: megabyte });
  expect([404, 413, 415]).toContain(nowhere.status);
});

test("whose level does not open an action learns nothing of its shape", async () => {
  const guarded = closed.filter(
    ({ route }) => "permission" in route.action && route.action.permission !== undefined,
  );
  expect(guarded.length).toBeGreaterThan(20);
  for (const { method, path } of guarded) {
    const { body } = await reader.ask(
      method,
      `${path}?nonsense=1`,
      method === "GET" ? undefined : { nonsense: 1 },
    );
    expect([method, path, body.error.code, body.error.issues]).toEqual([
      method,
      path,
      "forbidden",
      undefined,
    ]);
  }
});

test("whose level gives no right to a verb learns nothing of its shape", async () => {
  const judged = withBody.filter(({ route }) => "right" in route.action && route.action.right !== undefined);
  expect(judged.length).toBeGreaterThan(20);
  for (const { method, path } of judged) {
    const { body } = await reader.ask(method, path, { nonsense: 1 });
    expect([method, path, body.error.code, body.error.issues]).toEqual([
      method,
      path,
      "forbidden",
      undefined,
    ]);
  }
});

test("a session that ended has no body read any more", async () => {
  const { name, password } = await api.aUser({ name: "leaver", level: 61 });
  const leaver = await api.signedIn(name, password);
  expect((await leaver.ask("POST", "/api/organisations", { name: "Last" })).status).toBe(201);
  const cookies = new Map(leaver.cookies);
  await leaver.ask("POST", "/api/sign-out", {});
  for (const [key, value] of cookies) leaver.cookies.set(key, value);
  for (const raw of ["{}", "{", "{"]) {
    const answer = await leaver.ask("POST", "/api/organisations", undefined, {
      raw,
      headers: { "content-type": "application/json" },
    });
    if (raw === "{") expect(answer.body.error.code).toBe("signed_out");
  }
});
