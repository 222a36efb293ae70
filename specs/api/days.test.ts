import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const inZone = (zone: string) => ({ headers: { "strongroom-zone": zone } });

async function due(prefix: string, times: string[]): Promise<void> {
  for (const dueAt of times) {
    const fields = { name: `${prefix} ${dueAt}`, kind: "task", dueAt };
    expect((await api.asAdministrator.ask("POST", "/api/activities", fields)).status).toBe(201);
  }
}

async function kept(prefix: string, zone: string, op: string, value: unknown): Promise<string[]> {
  const name = { field: "name", op: "startsWith", value: prefix };
  const filter = JSON.stringify({ and: [name, { field: "dueAt", op, value }] });
  const { status, body } = await api.asAdministrator.ask("GET", "/api/activities", undefined, {
    ...inZone(zone),
    query: { filter },
  });
  expect({ status, body }).toMatchObject({ status: 200 });
  return body.items.map((item: { dueAt: string }) => item.dueAt.slice(5, 16)).toSorted();
}

test("a day in a filter on a time is the whole of that day where the asker is", async () => {
  await due("Copenhagen", [
    "2027-02-09T22:59:59Z",
    "2027-02-09T23:00:00Z",
    "2027-02-10T13:00:00Z",
    "2027-02-10T22:30:00Z",
    "2027-02-10T23:00:00Z",
  ]);
  const day = "2027-02-10";
  const its = ["02-09T23:00", "02-10T13:00", "02-10T22:30"];
  const asked = (op: string, value: unknown = day) => kept("Copenhagen", "Europe/Copenhagen", op, value);
  expect(await asked("eq")).toEqual(its);
  expect(await asked("between", [day, day])).toEqual(its);
  expect(await asked("ne")).toEqual(["02-09T22:59", "02-10T23:00"]);
  expect(await asked("lt")).toEqual(["02-09T22:59"]);
  expect(await asked("le")).toEqual(["02-09T22:59", ...its]);
  expect(await asked("gt")).toEqual(["02-10T23:00"]);
  expect(await asked("ge")).toEqual([...its, "02-10T23:00"]);
});

test.each([
  ["America/New_York", "2027-03-01", "2027-03-02T03:30:00Z", "an evening in America"],
  ["Asia/Kolkata", "2027-03-01", "2027-02-28T18:30:00Z", "a zone of half an hour"],
  ["Europe/Copenhagen", "2027-03-28", "2027-03-28T21:30:00Z", "the day on which summer time begins"],
  ["Europe/Copenhagen", "2027-10-31", "2027-10-31T22:30:00Z", "the day on which summer time ends"],
  ["Pacific/Apia", "2027-06-01", "2027-05-31T11:30:00Z", "the other side of the date line"],
])("%s on %s includes %s: %s", async (zone, day, at, because) => {
  await due(because, [at]);
  expect(await kept(because, zone, "eq", day)).toHaveLength(1);
});

test.each(["Europe/Atlantis", "", "x".repeat(5_000), "../../etc"])(
  "a zone that is none (%j) is told by the header's name",
  async (zone) => {
    const { status, body } = await api.asAdministrator.ask("GET", "/api/activities", undefined, inZone(zone));
    expect({ status, field: body.error.field }).toEqual({ status: 400, field: "Strongroom-Zone" });
  },
);

test.each(["2027-02-30", "2027-13-01", "0000-00-00"])("%s is no day and is told so", async (value) => {
  const filter = JSON.stringify({ field: "dueAt", op: "eq", value });
  const { status } = await api.asAdministrator.ask("GET", "/api/activities", undefined, {
    query: { filter },
  });
  expect(status).toBe(400);
});
