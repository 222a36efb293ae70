import { afterAll, beforeAll, expect, test } from "vitest";
import { askAsProgram, openDoor } from "#core/index.ts";
import { unblockByHost } from "#features/users/index.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

// What fails from one network, whatever names it tries: it ends by itself, and only failures count.

let api: TestApi;
let password: string;
beforeAll(async () => {
  api = await openTestApi();
  await asOwner("update access.setting set value = '5' where key = 'networkFailureLimit'");
  ({ password } = await api.aUser({ name: "neighbour", level: 61 }));
});
afterAll(() => api.close());

const asOwner = (statement: string) =>
  api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query(statement)).rows);
let networks = 0;

/** A network that nobody has used before. */
function aNetwork() {
  const ip = `203.0.113.${(networks += 1)}`;
  const ask = async (name: string, secret: string) => (await api.browser({ ip }).signIn(name, secret)).status;
  return {
    ip,
    fails: async (times: number) => {
      for (let n = 0; n < times; n++) expect(await ask(`made up ${n}`, "wrong")).toBe(401);
    },
    signsIn: () => ask("neighbour", password),
    browser: () => api.browser({ ip }),
    later: (seconds: number) =>
      asOwner(
        `update access.network set last_at = last_at - interval '${seconds} seconds' where address = '${ip}'`,
      ),
    failures: async () =>
      (await asOwner(`select failures from access.network where address = '${ip}'`))[0]?.failures ?? 0,
  };
}

test("a shut network is let in again by time, whatever it asks meanwhile, and then all of it", async () => {
  const { fails, signsIn, later } = aNetwork();
  await fails(6);
  await later(50);
  expect(await signsIn()).toBe(401);
  await later(20);
  for (let n = 0; n < 3; n++) expect(await signsIn()).toBe(200);
});

test("a network that goes on failing waits longer each time, and quiet minutes do not make that good", async () => {
  const { fails, signsIn, later } = aNetwork();
  await fails(6);
  await later(20 * 60);
  await fails(1);
  await later(70);
  expect(await signsIn()).toBe(401);
  await later(60);
  expect(await signsIn()).toBe(200);
});

test("failures end after quarter of an hour without one, however many sign in rightly meanwhile", async () => {
  const { fails, signsIn, later, failures } = aNetwork();
  await fails(5);
  for (let n = 0; n < 10; n++) expect(await signsIn()).toBe(200);
  expect(await failures()).toBe(5);
  await later(10 * 60);
  expect(await signsIn()).toBe(200);
  await later(6 * 60);
  await fails(1);
  expect(await failures()).toBe(1);
});

test("nobody pays others' guesses off by signing in himself, on a known device or a new one", async () => {
  const { fails, signsIn, browser, failures } = aNetwork();
  const known: Browser = browser();
  expect((await known.signIn("neighbour", password)).status).toBe(200);
  await fails(4);
  for (let n = 0; n < 4; n++) expect((await known.signIn("neighbour", password)).status).toBe(200);
  expect(await signsIn()).toBe(200);
  expect(await failures()).toBe(4);
  await fails(2);
  expect(await signsIn()).toBe(401);
});

test("whoever goes on asking for a user who is blocked shuts out nobody beside him", async () => {
  const { signsIn, browser } = aNetwork();
  await api.aUser({ name: "locked out", level: 61 });
  for (let n = 0; n < 20; n++) await browser().signIn("locked out", "wrong");
  expect(await signsIn()).toBe(200);
});

test("whoever is refused while somebody else's right sign-in is under way keeps nobody out after it", async () => {
  const { ip, fails, signsIn, later } = aNetwork();
  const door = await api.tenancy.asOwner(api.tenant, openDoor);
  const ask = (act: string, asked: object) =>
    askAsProgram({ pool: () => api.tenancy.pool(api.tenant), door }, act, asked);
  await fails(6);
  await later(70);
  const [begun] = await ask("access.begin_sign_in", { name: "neighbour", network: ip });
  await fails(1);
  await ask("access.finish_sign_in", {
    userId: begun?.["user_id"],
    passwordHash: begun?.["password_hash"],
    token: "01",
    device: "02",
    network: ip,
    ip,
    userAgent: "",
  });
  expect(await signsIn()).toBe(200);
});

test("whom the host lets in again comes in from a network that is shut", async () => {
  const { fails, signsIn } = aNetwork();
  await fails(6);
  expect(await signsIn()).toBe(401);
  await api.tenancy.asOwner(api.tenant, (owner) => unblockByHost(owner, "neighbour"));
  expect(await signsIn()).toBe(200);
});
