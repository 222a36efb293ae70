import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { allRoutes } from "#apps/all-routes.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
let admin: Browser;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
});
afterAll(() => api.close());

type Body = Record<string, any>;
const add = async (browser: Browser, module: string, body: Body): Promise<Body> =>
  (await browser.ask("POST", `/api/${module}`, body)).body;
const linesOf = (text: string) =>
  text
    .replace(/^\uFEFF/, "")
    .split("\r\n")
    .filter((line) => line !== "");
const named = (start: string) => JSON.stringify({ field: "name", op: "startsWith", value: start });

test("nothing is changed or exported by opening an address: no GET leads to a command or an export", () => {
  const longReads = ["GET /imports/:id/report"];
  const byGet = Object.entries(allRoutes()).filter(([route]) => route.startsWith("GET "));
  expect(byGet.length).toBeGreaterThan(20);
  expect(byGet.filter(([, { action }]) => action.kind !== "query").map(([route]) => route)).toEqual(
    longReads,
  );
});

test("an export has the list's filter, order and columns", async () => {
  for (const [name, sector] of [
    ["Sorted A", "retail"],
    ["Sorted C", "energy"],
    ["Sorted B", "retail"],
  ])
    await add(admin, "organisations", { name, sector });
  const { status, text, headers } = await admin.ask("POST", "/api/organisations/export", {
    filter: named("Sorted"),
    sort: "-name",
    columns: "sector,name",
  });
  expect(status).toBe(200);
  expect(linesOf(text)).toEqual(["Sector,Name", "energy,Sorted C", "retail,Sorted B", "retail,Sorted A"]);
  expect(headers["strongroom-rows"]).toBe("3");
});

test("records without a value in the order's field come last, as in the list", async () => {
  for (const [name, value] of [
    ["Empty 1", undefined],
    ["Empty 2", 20],
    ["Empty 3", 10],
  ])
    await add(admin, "opportunities", { name, stage: "engaging", value });
  const asked = { filter: named("Empty"), sort: "value", columns: "name" };
  const list = await admin.ask("GET", "/api/opportunities", undefined, { query: asked });
  const { text } = await admin.ask("POST", "/api/opportunities/export", asked);
  expect(linesOf(text).slice(1)).toEqual(list.body.items.map(({ name }: Body) => name));
  expect(linesOf(text).slice(1)).toEqual(["Empty 3", "Empty 2", "Empty 1"]);
});

test("who may export less than he sees is told the numbers before, and gets just those", async () => {
  const user = await api.aUser({ name: "standard", level: 61 });
  const standard = await api.signedIn(user.name, user.password);
  for (const [name, responsible] of [
    ["Shared 1", user.id],
    ["Shared 2", user.id],
    ["Shared 3", null],
  ])
    await add(admin, "organisations", { name, responsible });
  const query = { filter: named("Shared") };
  const count = async (more: Record<string, string>) =>
    (await standard.ask("GET", "/api/organisations/count", undefined, { query: { ...query, ...more } })).body
      .count;
  expect([await count({}), await count({ for: "export" })]).toEqual([3, 2]);
  const { text, headers } = await standard.ask("POST", "/api/organisations/export", {
    ...query,
    columns: "name",
  });
  expect([headers["strongroom-rows"], headers["strongroom-rows-listed"]]).toEqual(["2", "3"]);
  expect(linesOf(text).slice(1)).toEqual(["Shared 1", "Shared 2"]);
});

test("the log has a row before the first byte and one with what was sent", async () => {
  await add(admin, "products", { name: "Logged" });
  const { text } = await admin.ask("POST", "/api/products/export", {});
  const [begun, ended] = await logged("product.export");
  expect(begun).toMatchObject({ outcome: "begun" });
  expect(ended).toMatchObject({ outcome: "done", detail: { rows: 1, bytes: Buffer.byteLength(text) } });
});

describe("of many records", () => {
  const rows = 60_000;
  let address: { port: number };

  beforeAll(async () => {
    await api.tenancy.asOwner(api.tenant, (owner) =>
      owner.query(`insert into public.organisation (id, name, notes, responsible_id, created_by, changed_by)
        select gen_random_uuid(), 'Many ' || n, repeat('x', 500), 1, 1, 1 from generate_series(1, ${rows}) n`),
    );
    await api.http.listen({ port: 0, host: "127.0.0.1" });
    address = api.http.server.address() as { port: number };
  }, 120_000);

  const body = JSON.stringify({ filter: named("Many"), columns: "name,notes" });
  /** Asks on a connection of its own and reads nothing yet. */
  async function begin(browser: Browser): Promise<IncomingMessage> {
    const cookie = [...browser.cookies].map((pair) => pair.join("=")).join("; ");
    const headers = { host: api.tenant.host, cookie, "content-type": "application/json" };
    const sent = request({
      ...address,
      host: "127.0.0.1",
      method: "POST",
      path: "/api/organisations/export",
      headers,
    });
    sent.end(body);
    const [answer] = (await once(sent, "response")) as [IncomingMessage];
    answer.pause();
    return answer;
  }

  test("none is left out", async () => {
    const answer = await begin(admin);
    let lines = -1;
    for await (const chunk of answer) lines += String(chunk).split("\r\n").length - 1;
    expect([answer.statusCode, answer.complete, lines]).toEqual([200, true, rows]);
  });

  test("who loses the right while it runs gets a broken connection, and the log says why", async () => {
    const user = await api.aUser({ name: "leaving", level: 80 });
    const answer = await begin(await api.signedIn(user.name, user.password));
    const { body: users } = await admin.ask("GET", "/api/users");
    const now = users.items.find(({ id }: Body) => id === user.id);
    await admin.ask(
      "PATCH",
      `/api/users/${user.id}`,
      { level: 25 },
      { headers: { "if-match": `"${now.version}"` } },
    );
    // Rights are asked again every second.
    await vi.waitFor(() => expect(answer.readableLength).toBeGreaterThan(0));
    await setTimeout(1_100);
    await expect(async () => {
      for await (const _chunk of answer);
    }).rejects.toThrow("aborted");
    expect(answer.complete).toBe(false);
    await vi.waitFor(async () =>
      expect((await logged("organisation.export")).at(-1)).toMatchObject({
        outcome: "cut",
        detail: { reason: "forbidden" },
      }),
    );
  });

  test("one at a time for a user; who goes away ends it, and the database works for him no more", async () => {
    const answer = await begin(admin);
    const second = await admin.ask("POST", "/api/organisations/export", {});
    expect([second.status, second.body.error.code]).toEqual([429, "too_many"]);
    answer.destroy();
    await vi.waitFor(async () => {
      expect((await logged("organisation.export")).at(-1)).toMatchObject({
        outcome: "cut",
        detail: { reason: "gone" },
      });
      expect(await openSnapshots()).toBe(0);
    }, 10_000);
    expect((await admin.ask("POST", "/api/products/export", {})).status).toBe(200);
  });
});

async function openSnapshots(): Promise<number> {
  const { rows } = await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(`select count(*)::int as count from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`),
  );
  return rows[0].count;
}

async function logged(action: string): Promise<Body[]> {
  const { rows } = await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      "select outcome, detail from public.audit where action = $1 and outcome <> 'too_many' order by seq",
      [action],
    ),
  );
  return rows;
}
