import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test("of several who change a user at once from the same version, one does, and the others are told", async () => {
  const { id } = await api.aUser({ name: "contended", level: 61 });
  const headers = { "if-match": '"1"' };
  const answers = await Promise.all(
    ["One", "Two", "Three"].map((fullName) =>
      api.asAdministrator.ask("PATCH", `/api/users/${id}`, { fullName }, { headers }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
});

test("a limited administrator adds territories below his own, and none at the top", async () => {
  const east = (await api.asAdministrator.ask("POST", "/api/territories", { name: "East" })).body.id;
  const { password } = await api.aUser({ name: "eastern", level: 80, territories: [east] });
  const limited = await api.signedIn("eastern", password);
  const add = (body: object) => limited.ask("POST", "/api/territories", body);
  const refused = { code: "beyond_own_rights", field: "parent" };
  expect((await add({ name: "At the top" })).body.error).toMatchObject(refused);
  expect((await add({ name: "Below", parent: east })).status).toBe(201);
});
