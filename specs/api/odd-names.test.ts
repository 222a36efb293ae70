import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  api = await openTestApi();
  const user = await api.aUser({ name: "curious", level: 25 });
  browser = await api.signedIn(user.name, user.password);
});
afterAll(() => api.close());

const logged = (action: string) =>
  api.tenancy.asOwner(
    api.tenant,
    async (owner) =>
      (
        await owner.query<{ outcome: string; field: string | null }>(
          "select outcome, detail -> 'issues' -> 0 ->> 'field' as field from public.audit where action = $1 order by seq",
          [action],
        )
      ).rows,
  );

const half = "a".repeat(99);

test("whatever somebody calls a field, it is refused, stands in the log, and keeps nobody's reading out of it", async () => {
  for (const name of ["\0", "\ud800", `${half}\u{1f600}`]) {
    const query = `?${encodeURIComponent(name.toWellFormed())}=1`;
    expect((await browser.ask("GET", `/api/products${query}`)).status).toBe(400);
    const raw = JSON.stringify({ language: "da", [name]: 1 });
    const headers = { "content-type": "application/json" };
    expect((await browser.ask("PATCH", "/api/session", undefined, { raw, headers })).status).toBe(400);
  }
  expect((await browser.ask("GET", "/api/products")).status).toBe(200);
  await expect
    .poll(async () => (await logged("product.list")).at(-1)?.outcome, { timeout: 10_000 })
    .toBe("done");
  expect((await logged("product.list")).map(({ field }) => field)).toEqual([
    "\ufffd",
    "\ufffd",
    `${half}\ufffd`,
    null,
  ]);
  expect((await logged("session.set_language")).map(({ outcome, field }) => [outcome, field])).toEqual([
    ["invalid_input", "\ufffd"],
    ["invalid_input", "\ufffd"],
    ["invalid_input", `${half}\ufffd`],
  ]);
});
