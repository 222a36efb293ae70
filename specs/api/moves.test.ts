import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const add = async (path: string, fields: object): Promise<{ id: string }> =>
  (await api.asAdministrator.ask("POST", `/api/${path}`, fields)).body;
const rows = (text: string, values: unknown[]) =>
  api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query(text, values)).rows);

test.each([
  { module: "organisation", path: "organisations", fields: { name: "A" } },
  { module: "person", path: "persons", fields: { lastName: "A" } },
  { module: "opportunity", path: "opportunities", fields: { name: "A", stage: "engaging" } },
  { module: "activity", path: "activities", fields: { name: "A", kind: "call" } },
  { module: "product", path: "products", fields: { name: "A" } },
])("a moment is told where each $module went, whatever of its place was changed", async (of) => {
  const { id: user } = await api.aUser({ name: of.module, level: 61 });
  const { id: territory } = await add("territories", { name: of.module });
  const organisation = await add("organisations", { name: "Above" });
  const follows = of.module === "person";
  const record = await add(of.path, { ...of.fields, ...(follows && { organisation: organisation.id }) });
  // A person stands where its organisation does.
  const [table, id] = follows ? ["organisation", organisation.id] : [of.module, record.id];
  const place = "territory_id, responsible_id, second_responsible_id";
  for (const [moves, change] of [
    `responsible_id = ${user}`,
    `second_responsible_id = ${user}`,
    `territory_id = ${territory}, territory_set = true`,
  ].entries()) {
    await rows(`update public.${table} set ${change} where id = $1`, [id]);
    const [now] = await rows(`select ${place} from public.${of.module} where id = $1`, [record.id]);
    expect(
      await rows(`select moves, module, ${place} from public.record_move where record_id = $1`, [record.id]),
    ).toEqual([{ moves: moves + 1, module: of.module, ...now }]);
  }
});

test("of a record that is erased for good it is kept that it moved, and not whose it was", async () => {
  const { id } = await add("products", { name: "Goes" });
  await rows("update public.product set second_responsible_id = 1 where id = $1", [id]);
  const act = async (method: string, path: string) => {
    const { version } = (await api.asAdministrator.ask("GET", `/api/products/${id}`)).body;
    const headers = { "if-match": `"${version}"` };
    return (await api.asAdministrator.ask(method, `/api/products/${id}${path}`, {}, { headers })).status;
  };
  expect([await act("DELETE", ""), await act("POST", "/erase")]).toEqual([200, 200]);
  expect(
    await rows(
      "select moves, territory_id, responsible_id, second_responsible_id from public.record_move where record_id = $1",
      [id],
    ),
  ).toEqual([{ moves: 1, territory_id: 0, responsible_id: null, second_responsible_id: null }]);
});
