import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { importFile } from "#testing/imports.ts";

type Deal = Record<string, any>;
/** Fourteen hours ahead of UTC, so that its day is another one most of the time. */
const zone = "Pacific/Kiritimati";
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ jobs: true });
});
afterAll(() => api.close());

const today = (in_ = zone) => Temporal.Now.plainDateISO(in_).toString();
const ask = (method: string, path: string, body: unknown, deal?: Deal) =>
  api.asAdministrator.ask(method, `/api/opportunities${path}`, body, {
    headers: {
      "strongroom-zone": zone,
      ...(deal === undefined ? {} : { "if-match": `"${deal["version"]}"` }),
    },
  });
const aDeal = async (more: Deal = {}): Promise<Deal> => {
  const { status, body } = await ask("POST", "", { name: "A deal", stage: "engaging", ...more });
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
};
const change = async (deal: Deal, fields: Deal): Promise<Deal> =>
  (await ask("PATCH", `/${deal["id"]}`, fields, deal)).body;

test("a deal that is won on its page closes on the user's own day", async () => {
  expect(await change(await aDeal(), { stage: "won" })).toMatchObject({ stage: "won", closesOn: today() });
  const expectedLater = await aDeal({ closesOn: "2031-05-01" });
  expect(await change(expectedLater, { stage: "lost" })).toMatchObject({ closesOn: today() });
});

test("a deal that is won on the board, or made as won, closes on the user's own day", async () => {
  const deal = await aDeal();
  expect((await ask("POST", `/${deal["id"]}/move`, { stage: "won" }, deal)).body.closesOn).toBe(today());
  expect(await aDeal({ stage: "won" })).toMatchObject({ closesOn: today() });
});

test("a deal that is imported as won closes on the day of whoever imports, unless the file says another", async () => {
  const file = "name,stage,closesOn\nFiled won,Won,\nFiled long ago,Won,2019-05-06\nFiled open,Engaging,\n";
  const there: Browser = {
    ...api.asAdministrator,
    ask: (method, path, body, more) =>
      api.asAdministrator.ask(method, path, body, {
        ...more,
        headers: { "strongroom-zone": zone, ...more?.headers },
      }),
  };
  expect(await importFile(there, "opportunity", file)).toMatchObject({ state: "done" });
  const filter = JSON.stringify({ field: "name", op: "startsWith", value: "Filed" });
  const { body } = await api.asAdministrator.ask("GET", "/api/opportunities", undefined, {
    query: { filter, sort: "name" },
  });
  expect(body.items.map((deal: Deal) => deal["closesOn"])).toEqual(["2019-05-06", null, today()]);
});

test("the day that is said is kept, wherever it is said", async () => {
  const closesOn = "2026-01-31";
  expect(await aDeal({ stage: "won", closesOn })).toMatchObject({ closesOn });
  expect(await change(await aDeal(), { stage: "won", closesOn })).toMatchObject({ closesOn });
  const moved = await aDeal();
  const { body } = await ask("POST", `/${moved["id"]}/move`, { stage: "won", closesOn }, moved);
  expect(body.closesOn).toBe(closesOn);
  expect(await change(body, { stage: "lost" })).toMatchObject({ closesOn });
});

test("a deal that is opened again has no closing day, and its timeline tells of both", async () => {
  const won = await change(await aDeal(), { stage: "won" });
  const open = await change(won, { stage: "engaging" });
  expect(open).toMatchObject({ stage: "engaging", closesOn: null });
  const { body } = await ask("GET", `/${open["id"]}/timeline`, undefined);
  const told = JSON.stringify(body.items);
  expect(told).toContain("closesOn");
  expect(told).toContain(today());
});

test("a closing day cannot be taken from a deal that is won, and the refusal says why", async () => {
  const won = await change(await aDeal(), { stage: "won" });
  const { status, body } = await ask("PATCH", `/${won["id"]}`, { closesOn: null }, won);
  expect({ status, field: body.error.field }).toEqual({ status: 400, field: "closesOn" });
  expect(body.error.message).toContain("the day it closed on");
});

test("what goes past the program closes too", async () => {
  const deal = await aDeal();
  await api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query("update public.opportunity set stage = 'won' where id = $1", [deal["id"]]),
  );
  expect((await ask("GET", `/${deal["id"]}`, undefined)).body.closesOn).toBe(today("UTC"));
});

test("what was won is summed by currency and never across, also what has none", async () => {
  const filter = JSON.stringify({ field: "name", op: "startsWith", value: "Summed" });
  const closesOn = "2026-03-05";
  for (const [value, currency] of [
    [1_000, "USD"],
    [1_000, "DKK"],
    [500, "DKK"],
    [70, null],
  ])
    await aDeal({ name: "Summed", stage: "won", value, currency, closesOn });
  const { body: home } = await api.asAdministrator.ask("GET", "/api/home");
  const totals = { USD: 1_000, DKK: 1_500, "": 70 };
  expect(home.wonByMonth.find(({ month }: Deal) => month === "2026-03")).toMatchObject({ count: 4, totals });
  const query = { filter };
  const count = await api.asAdministrator.ask("GET", "/api/opportunities/count", undefined, { query });
  expect(count.body).toMatchObject({ count: 4, totals });
});
