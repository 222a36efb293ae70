import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";
import { importFile, untilDone, upload } from "#testing/imports.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ jobs: true });
});
afterAll(() => api.close());

const demo = (name: string) => readFile(`demo/maven-crm/${name}.csv`);
const count = async (path: string, filter?: object) =>
  (
    await api.asAdministrator.ask(
      "GET",
      `/api/${path}/count`,
      undefined,
      filter === undefined ? {} : { query: { filter: JSON.stringify(filter) } },
    )
  ).body;

test("the four published files make exactly the tenant they describe", async () => {
  const { asAdministrator } = api;
  const accounts = await importFile(asAdministrator, "organisation", await demo("accounts"));
  expect(accounts).toMatchObject({ state: "done", created: 85, refused: 0, done: 85 });
  expect(await count("organisations")).toMatchObject({ count: 85, exact: true });
  expect(await count("organisations", { field: "parent", op: "notEmpty" })).toMatchObject({ count: 15 });

  expect(await importFile(asAdministrator, "product", await demo("products"))).toMatchObject({
    created: 7,
    refused: 0,
  });
  const teams = await importFile(asAdministrator, "user", await demo("sales_teams"));
  expect(teams).toMatchObject({ created: 35, refused: 0 });
  const territories = (await asAdministrator.ask("GET", "/api/territories")).body.items;
  expect(territories.map(({ name }: { name: string }) => name)).toEqual(["Central", "East", "West"]);
  expect((await asAdministrator.ask("GET", "/api/groups")).body.items).toHaveLength(6);
  const users = (await asAdministrator.ask("GET", "/api/users")).body.items;
  expect(users).toHaveLength(36);
  const central = territories[0].id;
  expect(users).toContainEqual(
    expect.objectContaining({
      fullName: "Anna Snelling",
      name: "anna.snelling",
      level: 61,
      homeTerritory: central,
      territories: [central],
    }),
  );

  const pipeline = await upload(asAdministrator, "opportunity", await demo("sales_pipeline"));
  expect(pipeline.body).toMatchObject({
    rows: 8800,
    dialect: { encoding: "utf-8", delimiter: ",", dateOrder: "mdy", decimal: "." },
    mapping: {
      opportunity_id: "reference",
      sales_agent: "responsible",
      product: "product",
      account: "organisation",
      deal_stage: "stage",
      engage_date: "engagedOn",
      close_date: "closesOn",
      close_value: "value",
    },
  });
  const { id } = pipeline.body;
  const check = await asAdministrator.ask("POST", `/api/imports/${id}/check`);
  expect(check.body).toMatchObject({
    rows: 8800,
    wouldCreate: 7320,
    refused: 1480,
    unmatched: [
      { field: "product", text: "GTXPro", rows: 1480, suggestions: expect.arrayContaining(["GTX Pro"]) },
    ],
  });
  expect(check.body.problems).toHaveLength(100);
  expect(check.body.unmatched[0].suggestions[0]).toBe("GTX Pro");

  await asAdministrator.ask("PATCH", `/api/imports/${id}`, {
    corrections: { product: { GTXPro: "GTX Pro" } },
  });
  expect((await asAdministrator.ask("POST", `/api/imports/${id}/check`)).body).toMatchObject({
    wouldCreate: 8800,
    refused: 0,
    unmatched: [],
    problems: [],
  });
  expect((await asAdministrator.ask("POST", `/api/imports/${id}/run`)).status).toBe(202);
  expect(await untilDone(asAdministrator, id)).toMatchObject({ state: "done", created: 8800, refused: 0 });
  await expectPublishedTotals(
    new Map(territories.map(({ id, name }: { id: number; name: string }) => [name, id])),
  );
});

async function expectPublishedTotals(territories: Map<string, number>) {
  const stage = (name: string) => ({ field: "stage", op: "in", value: [name] });
  const inTerritory = (name: string) => ({ field: "territory", op: "in", value: [territories.get(name)] });
  expect(await count("opportunities")).toEqual({ count: 8800, exact: true, totals: { USD: 10_005_534 } });
  expect(await count("opportunities", { field: "organisation", op: "empty" })).toMatchObject({ count: 1425 });
  for (const [name, wanted] of [
    ["won", 4238],
    ["lost", 2473],
    ["engaging", 1589],
    ["prospecting", 500],
  ] as const)
    expect(await count("opportunities", stage(name))).toMatchObject({ count: wanted });
  expect((await count("opportunities", stage("won"))).totals).toEqual({ USD: 10_005_534 });
  for (const [name, wanted, won] of [
    ["Central", 3512, 3_346_293],
    ["West", 2997, 3_568_647],
    ["East", 2291, 3_090_594],
  ] as const) {
    expect(await count("opportunities", inTerritory(name))).toMatchObject({ count: wanted });
    expect((await count("opportunities", { and: [inTerritory(name), stage("won")] })).totals).toEqual({
      USD: won,
    });
  }
}

test("every imported record begins its timeline with the import and what it came with", async () => {
  const { asAdministrator } = api;
  const [deal] = (
    await asAdministrator.ask("GET", "/api/opportunities", undefined, {
      query: { limit: "1", filter: JSON.stringify({ field: "reference", op: "eq", value: "1C1I7A6R" }) },
    })
  ).body.items;
  expect(deal).toMatchObject({
    name: "Cancity · GTX Plus Basic",
    stage: "won",
    value: 1054,
    currency: "USD",
    engagedOn: "2016-10-20",
    closesOn: "2017-03-01",
    responsible: { name: "Moses Frase" },
  });
  const { items } = (await asAdministrator.ask("GET", `/api/opportunities/${deal.id}/timeline`)).body;
  expect(items).toEqual([
    expect.objectContaining({
      kind: "imported",
      by: expect.objectContaining({ name: "Ada Administrator" }),
      changes: expect.arrayContaining([
        { field: "organisation", before: null, after: "Cancity" },
        { field: "value", before: null, after: 1054 },
      ]),
    }),
  ]);
});
