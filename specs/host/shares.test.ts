import { afterAll, beforeAll, expect, test } from "vitest";
import { createFirstAdministrator } from "#features/users/index.ts";
import { hashShares } from "#features/sign-in/index.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
let quiet: { host: string; administrator: { name: string; password: string } };

beforeAll(async () => {
  api = await openTestApi();
  const tenant = await api.tenancy.aTenant();
  const administrator = await api.tenancy.asOwner(tenant, (owner) =>
    createFirstAdministrator(owner, { name: "admin", fullName: "Quinn Quiet" }),
  );
  quiet = { host: tenant.host, administrator };
});
afterAll(() => api.close());

test("two hundred anonymous sign-ins at one tenant refuse none at another, and are told when to come again", async () => {
  const flood = guesses(200, () => api.browser({ ip: "203.0.113.9" }));
  const others = await Promise.all(Array.from({ length: 5 }, async () => (await signInQuietly()).status));
  expect(others).toEqual([200, 200, 200, 200, 200]);
  const answers = await flood;
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(100);
  for (const { headers, body } of refused) {
    expect(Number(headers["retry-after"])).toBeGreaterThanOrEqual(1);
    expect(body.error.message).toMatch(/Try again in \d+ seconds?\./);
  }
  expect(hashShares.counts).toEqual({ taken: 0, waiting: 0, remembered: 0 });
});

test("who is refused for too many sign-ins has not guessed: the user is not blocked", async () => {
  const user = await api.aUser({ name: "unlucky", level: 61 });
  const flood = guesses(80, () => api.browser({ ip: "203.0.113.9" }));
  const tries = Array.from({ length: 60 }, () =>
    api.browser({ ip: "203.0.113.9" }).signIn("unlucky", user.password),
  );
  const statuses = (await Promise.all(tries)).map(({ status }) => status);
  expect(statuses).toContain(429);
  await flood;
  expect((await api.browser().signIn("unlucky", user.password)).status).toBe(200);
});

const signInQuietly = () =>
  api.browser({ host: quiet.host }).signIn(quiet.administrator.name, quiet.administrator.password);

const guesses = (count: number, browser: () => Browser) =>
  Promise.all(Array.from({ length: count }, (_, n) => browser().signIn(`nobody ${n}`, "wrong")));
