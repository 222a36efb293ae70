import { afterAll, beforeAll, expect, test } from "vitest";
import { askAsProgram, openDoor } from "#core/index.ts";
import { createFirstAdministrator, resetAdministrator, unblockByHost } from "#features/users/index.ts";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const asOwner = (statement: string) =>
  api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query(statement)).rows);
const status = async (name: string, password: string, ip?: string) =>
  (await api.browser(ip === undefined ? {} : { ip }).signIn(name, password)).status;

test("a blocked user is let in again by time, and waits twice as long after each further guess", async () => {
  const { id, password } = await api.aUser({ name: "patient", level: 61 });
  const later = (seconds: number) =>
    asOwner(
      `update access.users set blocked_at = blocked_at - interval '${seconds} seconds' where id = ${id}`,
    );
  for (let guess = 0; guess < 4; guess++) await status("patient", "wrong");
  await later(50);
  expect(await status("patient", password)).toBe(401);
  await later(20);
  expect(await status("patient", "wrong")).toBe(401);
  await later(100);
  expect(await status("patient", password)).toBe(401);
  await later(30);
  expect(await status("patient", password)).toBe(200);
});

test("the host lets a blocked administrator in again, and gives a new password to one who is locked out", async () => {
  const { name, password } = api.administrator;
  for (let guess = 0; guess < 5; guess++) await status(name, "wrong");
  expect(await status(name, password)).toBe(401);
  const unblock = (user: string) => api.tenancy.asOwner(api.tenant, (owner) => unblockByHost(owner, user));
  expect([await unblock(name), await unblock("nobody")]).toEqual([true, false]);
  expect(await status(name, password)).toBe(200);

  const other = await api.tenancy.aTenant();
  const made = (work: typeof resetAdministrator) =>
    api.tenancy.asOwner(other, (owner) => work(owner, "admin"));
  const first = await api.tenancy.asOwner(other, (owner) =>
    createFirstAdministrator(owner, { name: "admin", fullName: "Ada" }),
  );
  const renewed = await made(resetAdministrator);
  const there = (secret: string) => api.browser({ host: other.host }).signIn("admin", secret);
  expect((await there(first.password)).status).toBe(401);
  expect((await there(renewed.password)).body).toMatchObject({ session: null, mustChangePassword: true });
});

test("a network that fails with many names is refused, whoever it asks for, and others are not", async () => {
  await asOwner("update access.setting set value = '5' where key = 'networkFailureLimit'");
  const { password } = await api.aUser({ name: "neighbour", level: 61 });
  for (let guess = 0; guess < 7; guess++) await status(`made up ${guess}`, "wrong", "203.0.113.7");
  expect(await status("neighbour", password, "203.0.113.7")).toBe(401);
  expect(await status("neighbour", password, "203.0.113.8")).toBe(200);
  await asOwner("update access.setting set value = '60' where key = 'networkFailureLimit'");
});

test("a user is told at his next sign-in what failed in his name, from where and when", async () => {
  const { password } = await api.aUser({ name: "told", level: 61 });
  await status("told", password);
  for (let guess = 0; guess < 2; guess++) await status("told", "wrong", "198.51.100.9");
  const { body } = await api.browser().signIn("told", password);
  expect(body.failed).toEqual({ count: 2, last: expect.any(String), addresses: ["198.51.100.9"] });
  expect((await api.browser().signIn("told", password)).body.failed.count).toBe(0);
});

test("a first password opens nothing but its change, and ends after a week", async () => {
  const first = async (name: string) =>
    (await api.asAdministrator.ask("POST", "/api/users", { name, fullName: name, level: 61 })).body
      .password as string;
  const given = await first("newcomer");
  const browser = api.browser();
  expect((await browser.signIn("newcomer", given)).body).toMatchObject({
    session: null,
    mustChangePassword: true,
  });
  expect((await browser.ask("GET", "/api/organisations")).status).toBe(401);
  const next = "eleven quiet herons";
  expect((await browser.ask("POST", "/api/session/password", { current: given, next })).status).toBe(200);
  expect((await browser.ask("GET", "/api/organisations")).status).toBe(200);
  expect(await status("newcomer", given)).toBe(401);
  expect(await status("newcomer", next)).toBe(200);

  const forgotten = await first("latecomer");
  await asOwner(
    "update access.users set password_ends_at = now() - interval '1 second' where name = 'latecomer'",
  );
  expect(await status("latecomer", forgotten)).toBe(401);
});

test("common, own and unchanged passwords are refused, in words", async () => {
  const { password } = await api.aUser({ name: "anna.snelling", level: 61 });
  const browser = await api.signedIn("anna.snelling", password);
  const change = async (next: string) =>
    (await browser.ask("POST", "/api/session/password", { current: password, next })).body.error?.code;
  for (const weak of [
    "password",
    "P@ssw0rd!",
    "Dragon2026!",
    "iloveyou1",
    "aaaaaaaaaa",
    "Snelling1",
    "anna.snelling99",
  ]) {
    expect({ weak, code: await change(weak) }).toEqual({ weak, code: "weak_password" });
    await asOwner("update access.session set guesses = 0");
  }
  expect(await change(password)).toBe("same_password");
  expect(await change("four brown kettles")).toBeUndefined();
});

test("guesses at the present password are counted, and one too many ends the session", async () => {
  const { password } = await api.aUser({ name: "guesser", level: 61 });
  const browser = await api.signedIn("guesser", password);
  const guess = async (current: string) =>
    (await browser.ask("POST", "/api/session/password", { current, next: "nine yellow buses" })).body.error
      ?.code;
  for (let n = 0; n < 4; n++) expect(await guess("wrong")).toBe("wrong_password");
  expect(await guess(password)).toBe("signed_out");
  expect((await browser.ask("GET", "/api/session")).status).toBe(401);
});

test("a device is named by the server: one that a browser chose is nobody's, and a reset forgets them all", async () => {
  const { id, password } = await api.aUser({ name: "devices", level: 61 });
  const device = "__Host-strongroom-device";
  const browser = api.browser();
  browser.cookies.set(device, "chosen-by-the-browser");
  await browser.signIn("devices", password);
  const [one] = [browser.cookies.get(device)];
  expect(one).not.toBe("chosen-by-the-browser");
  await browser.signIn("devices", password);
  expect(browser.cookies.get(device)).not.toBe(one);
  expect(await asOwner(`select count(*)::int as n from access.device where user_id = ${id}`)).toEqual([
    { n: 1 },
  ]);
  await api.asAdministrator.ask("POST", `/api/users/${id}/password`, {});
  expect(await asOwner(`select count(*)::int as n from access.device where user_id = ${id}`)).toEqual([
    { n: 0 },
  ]);
});

test("what was typed as a name and is nobody's cannot be read in the log", async () => {
  await status("my Secret Passw0rd", "x");
  await status("my secret passw0rd", "y");
  const names = (await asOwner("select name from access.sign_in order by id desc limit 2")).map(
    ({ name }) => name,
  );
  expect(names[0]).toMatch(/^#[\da-f]{12}$/);
  expect(names[1]).toBe(names[0]);
});

test("a sign-in with a password that is changed while its hash is computed opens nothing", async () => {
  const { password } = await api.aUser({ name: "overtaken", level: 61 });
  const door = await api.tenancy.asOwner(api.tenant, openDoor);
  const tenant = { pool: () => api.tenancy.pool(api.tenant), door };
  const attempt = { name: "overtaken", network: "203.0.113.5" };
  const [begun] = await askAsProgram<any>(tenant, "access.begin_sign_in", attempt);
  const finish = async (hex: string) => {
    const hashes = { token: hex.repeat(32), device: hex.repeat(32), passwordHash: begun.password_hash };
    const asked = { userId: begun.user_id, ip: "203.0.113.5", userAgent: "", ...hashes };
    return (await askAsProgram<any>(tenant, "access.finish_sign_in", asked))[0].finish_sign_in;
  };
  expect(await finish("aa")).toMatchObject({ first: false });
  const own = await api.signedIn("overtaken", password);
  const next = "nine silver ladders";
  expect((await own.ask("POST", "/api/session/password", { current: password, next })).status).toBe(200);
  expect(await finish("bb")).toBeNull();
  expect((await own.ask("GET", "/api/sessions")).body.items).toHaveLength(1);
  expect(await status("overtaken", next)).toBe(200);
});
