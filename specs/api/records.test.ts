import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

type Body = Record<string, any>;
let api: TestApi;
let admin: Browser;
let seller: Browser;
let sellerId: number;

beforeAll(async () => {
  api = await openTestApi();
  admin = api.asAdministrator;
  const east = (await admin.ask("POST", "/api/territories", { name: "East" })).body.id;
  const inEast = await api.aUser({ name: "eastern", level: 70, territories: [east], homeTerritory: east });
  seller = await api.signedIn(inEast.name, inEast.password);
  sellerId = inEast.id;
  await api.aUser({ name: "restricted", level: 59 });
});
afterAll(() => api.close());

const add = async (who: Browser, path: string, fields: Body): Promise<Body> => {
  const { status, body } = await who.ask("POST", `/api/${path}`, fields);
  expect({ status, body }).toMatchObject({ status: 201 });
  return body;
};
const change = (who: Browser, path: string, record: Body, fields: Body, verb = "PATCH") =>
  who.ask(verb, `/api/${path}`, fields, { headers: { "if-match": `"${record["version"]}"` } });
const names = (body: Body): string[] => body["items"].map((item: Body) => item["name"]);

test("what is deleted is in the bin, out of every list and search, and comes back whole", async () => {
  const record = await add(admin, "organisations", { name: "Binnable" });
  const binned = (await change(admin, `organisations/${record["id"]}`, record, {}, "DELETE")).body;
  expect(binned.deletedAt).toBeTruthy();
  expect(names((await admin.ask("GET", "/api/organisations")).body)).not.toContain("Binnable");
  expect((await admin.ask("GET", "/api/search?q=binnable")).body.items).toEqual([]);
  expect(names((await admin.ask("GET", "/api/organisations?bin=true")).body)).toContain("Binnable");
  expect((await change(admin, `organisations/${record["id"]}/restore`, binned, {}, "POST")).status).toBe(200);
  expect((await admin.ask("GET", "/api/search?q=binn")).body.items.map((hit: Body) => hit["id"])).toEqual([
    record["id"],
  ]);
});

test("pages follow each other without gap or repeat, in every order, empty values last", async () => {
  for (let n = 0; n < 25; n++)
    await add(admin, "activities", {
      name: `Paged ${n % 3}`,
      kind: "task",
      ...(n % 4 === 0 ? {} : { dueAt: `2026-01-${String((n % 5) + 10)}T09:00:00Z` }),
    });
  const filter = JSON.stringify({ field: "name", op: "startsWith", value: "Paged" });
  for (const sort of ["name", "-name", "dueAt", "-dueAt"]) {
    const ids: string[] = [];
    const dues: (string | null)[] = [];
    let after: string | null = null;
    do {
      const { body } = await admin.ask("GET", "/api/activities", undefined, {
        query: { filter, sort, limit: "4", ...(after === null ? {} : { after }) },
      });
      ids.push(...body.items.map((item: Body) => item["id"]));
      dues.push(...body.items.map((item: Body) => item["dueAt"]));
      after = body.next;
    } while (after !== null);
    expect(new Set(ids).size).toBe(25);
    expect(ids).toHaveLength(25);
    if (sort.endsWith("dueAt")) {
      const filled = dues.filter((due) => due !== null);
      expect(dues.slice(filled.length).every((due) => due === null)).toBe(true);
      expect(filled).toEqual(sort === "dueAt" ? [...filled].sort() : [...filled].sort().toReversed());
    }
  }
});

test("filters combine, and negation includes what is empty", async () => {
  await add(admin, "products", { name: "Filter A", series: "GTX", price: 10, currency: "USD" });
  await add(admin, "products", { name: "Filter B", series: "MG", price: 20, currency: "USD" });
  await add(admin, "products", { name: "Filter C" });
  const found = async (tree: unknown) =>
    names(
      (
        await admin.ask("GET", "/api/products", undefined, {
          query: {
            filter: JSON.stringify({ and: [{ field: "name", op: "startsWith", value: "filter" }, tree] }),
          },
        })
      ).body,
    );
  expect(await found({ field: "price", op: "between", value: [5, 15] })).toEqual(["Filter A"]);
  expect(
    await found({
      or: [
        { field: "series", op: "eq", value: "MG" },
        { field: "price", op: "empty" },
      ],
    }),
  ).toEqual(["Filter B", "Filter C"]);
  expect(await found({ not: { field: "series", op: "eq", value: "GTX" } })).toEqual(["Filter B", "Filter C"]);
  expect(await found({ field: "currency", op: "notIn", value: ["USD"] })).toEqual(["Filter C"]);
  expect(await found({ field: "series", op: "contains", value: "%" })).toEqual([]);
});

test("moving a deal to won closes it today, tells the board and the timeline, and asks for the version", async () => {
  const deal = await add(seller, "opportunities", {
    name: "To be won",
    stage: "engaging",
    value: 1200.5,
    currency: "USD",
  });
  expect((await seller.ask("POST", `/api/opportunities/${deal["id"]}/move`, { stage: "won" })).status).toBe(
    428,
  );
  const won = (await change(seller, `opportunities/${deal["id"]}/move`, deal, { stage: "won" }, "POST")).body;
  expect(won).toMatchObject({ stage: "won", version: 2, closesOn: new Date().toISOString().slice(0, 10) });
  const board = (await seller.ask("GET", "/api/opportunities/board")).body;
  expect(board.stages.find((stage: Body) => stage["stage"] === "won")).toMatchObject({
    count: 1,
    totals: { USD: 1200.5 },
  });
  const { items } = (await seller.ask("GET", `/api/opportunities/${deal["id"]}/timeline`)).body;
  expect(items[0]).toMatchObject({
    kind: "changed",
    by: { id: sellerId },
    changes: expect.arrayContaining([{ field: "stage", before: "engaging", after: "won" }]),
  });
});

test("who sees a record is told with the reason", async () => {
  const record = await add(seller, "organisations", { name: "Who sees me" });
  const { body } = await seller.ask("GET", `/api/organisations/${record["id"]}/access`);
  const reasons = Object.fromEntries(body.users.map((user: Body) => [user["name"], user["because"]]));
  expect(reasons).toMatchObject({ eastern: "responsible", "Ada Administrator": "all" });
  expect(reasons["restricted"]).toBeUndefined();
});

test("exported cells never begin a formula, and a phone number survives", async () => {
  await add(admin, "organisations", {
    name: "=HYPERLINK(1)",
    phone: "+45 12 34 56 78",
    notes: '"quoted", and\nbroken',
  });
  const { text, headers } = await admin.ask("POST", "/api/organisations/export", {
    columns: "name,phone,notes",
  });
  expect(text).toContain("'=HYPERLINK(1)");
  expect(text).toContain("+45 12 34 56 78");
  expect(text).toContain('"""quoted"", and\nbroken"');
  expect(headers["content-disposition"]).toContain("attachment");
});

test("the API describes each of its routes in OpenAPI 3.1, and shows it to people", async () => {
  const { body } = await admin.ask("GET", "/api/openapi.json");
  expect(body.openapi).toBe("3.1.0");
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(["/api/organisations/{id}", "/api/opportunities/board", "/api/sign-in"]),
  );
  expect(
    body.paths["/api/organisations"].post.requestBody.content["application/json"].schema.required,
  ).toEqual(["name"]);
  const upload = body.paths["/api/imports"].post;
  expect(Object.keys(upload.requestBody.content)).toEqual(["text/csv", "application/octet-stream"]);
  expect(upload.parameters.map(({ name }: { name: string }) => name)).not.toContain("file");
  expect(Object.keys(body.paths["/api/imports/{id}/report"].get.responses["200"].content)).toEqual([
    "text/csv",
  ]);
  const page = (await admin.ask("GET", "/api/docs")).text;
  expect(page).toContain("/api/organisations/{id}");
  expect(page).toContain("application/octet-stream");
});
