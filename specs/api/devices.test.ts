import { afterAll, beforeAll, expect, test } from "vitest";
import { unblockByHost } from "#features/users/index.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

// A device that its user has signed in with before: its guesses are counted by themselves, and strangers' are not.

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const asOwner = (statement: string) =>
  api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query(statement)).rows);
const guess = async (who: Browser, name: string, times: number) => {
  for (let n = 0; n < times; n++) expect((await who.signIn(name, "wrong")).status).toBe(401);
};

async function aRegular(name: string) {
  const { id, password } = await api.aUser({ name, level: 61 });
  const device = await api.signedIn(name, password);
  return { id, password, device, signsIn: async (on = device) => (await on.signIn(name, password)).status };
}

test("a device is its user's own: guesses at a colleague from it are a stranger's", async () => {
  const insider = await aRegular("insider");
  const colleague = await api.aUser({ name: "colleague", level: 61 });
  await guess(insider.device, "colleague", 4);
  expect((await api.browser().signIn("colleague", colleague.password)).status).toBe(401);
  expect(await insider.signsIn()).toBe(200);
});

test("signing in on one device leaves the others known, and the user hears of all that was tried", async () => {
  const { device: desk, signsIn } = await aRegular("travels");
  const phone = api.browser();
  expect(await signsIn(phone)).toBe(200);
  await guess(api.browser({ ip: "198.51.100.7" }), "travels", 6);
  expect(await signsIn(api.browser())).toBe(401);
  expect(await signsIn(desk)).toBe(200);
  await guess(api.browser(), "travels", 5);
  expect(await signsIn(phone)).toBe(200);
});

test("what was refused is told like what failed", async () => {
  const { id, password, device } = await aRegular("hears");
  await guess(api.browser({ ip: "198.51.100.7" }), "hears", 6);
  const { body } = await device.signIn("hears", password);
  expect(body.failed).toMatchObject({ count: 6, addresses: ["198.51.100.7"] });
  expect(await asOwner(`select outcome from access.sign_in where user_id = ${id} order by id`)).toEqual(
    ["signed_in", ...Array(4).fill("failed"), ...Array(2).fill("blocked"), "signed_in"].map((outcome) => ({
      outcome,
    })),
  );
});

test("a known device that guessed too often is let in again by time; what it asked meanwhile does not count", async () => {
  const { id, device, signsIn } = await aRegular("mistypes");
  const later = (seconds: number) =>
    asOwner(
      `update access.device set last_seen_at = last_seen_at - interval '${seconds} seconds' where user_id = ${id}`,
    );
  await later(3_600);
  await guess(device, "mistypes", 4);
  expect(await signsIn()).toBe(401);
  await guess(device, "mistypes", 3);
  await later(70);
  expect(await signsIn()).toBe(200);
});

test("an administrator who unblocks a user lets his device in too, and so does the host", async () => {
  const { id, device, signsIn } = await aRegular("unblocked");
  await guess(device, "unblocked", 4);
  expect(await signsIn()).toBe(401);
  await api.asAdministrator.ask("POST", `/api/users/${id}/unblock`, {});
  expect(await signsIn()).toBe(200);
  await guess(device, "unblocked", 4);
  expect(await signsIn()).toBe(401);
  await api.tenancy.asOwner(api.tenant, (owner) => unblockByHost(owner, "unblocked"));
  expect(await signsIn()).toBe(200);
});

test("where a block is to shut every path, strangers' guesses shut a known device out too", async () => {
  await asOwner("update access.setting set value = 'true' where key = 'strictBlock'");
  const { signsIn } = await aRegular("strict");
  await guess(api.browser(), "strict", 4);
  expect(await signsIn()).toBe(401);
  await asOwner("update access.setting set value = 'false' where key = 'strictBlock'");
});
