import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

type Sum = Record<string, any>;
let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const asked = async (path: string) => (await api.asAdministrator.ask("GET", `/api${path}`)).body;
const many = (count: number, fields: { stage: string; value: number; currency: string; closesOn?: string }) =>
  api.tenancy.asOwner(api.tenant, (owner) =>
    owner.query(
      `insert into public.opportunity (id, name, stage, value, currency, closes_on)
       select gen_random_uuid(), 'Deal ' || n, $2, $3::numeric, $4, $5::date from generate_series(1, $1::integer) n`,
      [count, fields.stage, fields.value, fields.currency, fields.closesOn ?? null],
    ),
  );

test("what was won in a month is counted in the currency it is summed in", async () => {
  await many(3, { stage: "won", value: 100, currency: "USD", closesOn: "2026-03-05" });
  await many(2, { stage: "won", value: 1_000, currency: "DKK", closesOn: "2026-03-20" });
  const { wonByMonth } = await asked("/home");
  expect(wonByMonth).toEqual([
    { month: "2026-03", count: 5, exact: true, counts: { USD: 3, DKK: 2 }, totals: { USD: 300, DKK: 2_000 } },
  ]);
});

test("the sum above a stage is that of all its deals, or is not said", async () => {
  await many(10_000, { stage: "engaging", value: 2, currency: "USD" });
  const stageOf = async (path: string, of: string): Promise<Sum> =>
    (await asked(path))[of].find(({ stage }: Sum) => stage === "engaging");
  const all = { count: 10_000, exact: true, totals: { USD: 20_000 } };
  expect(await stageOf("/opportunities/board", "stages")).toMatchObject(all);
  await many(5, { stage: "engaging", value: 1_000_000, currency: "DKK" });
  const atLeast = { count: 10_000, exact: false, totals: {} };
  const board = await stageOf("/opportunities/board", "stages");
  const home = await stageOf("/home", "pipeline");
  for (const { count, exact, totals } of [board, home]) expect({ count, exact, totals }).toEqual(atLeast);
});

test("a month of which some deals are left out is not told as the whole month", async () => {
  await many(12_000, { stage: "won", value: 1, currency: "USD", closesOn: "2026-06-05" });
  await many(8_001, { stage: "won", value: 1, currency: "USD", closesOn: "2026-05-05" });
  expect((await asked("/home")).wonByMonth).toMatchObject([{ month: "2026-06", count: 12_000, exact: true }]);
  await many(8_000, { stage: "won", value: 1, currency: "USD", closesOn: "2026-06-06" });
  expect((await asked("/home")).wonByMonth).toMatchObject([{ month: "2026-06", exact: false }]);
});
