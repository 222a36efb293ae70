import { afterAll, beforeAll, expect, test } from "vitest";
import type { Tenant } from "#platform/tenancy/index.ts";
import { openTestApi, type TestApi } from "#testing/api.ts";
import { runTenantCommand } from "./tenant-commands.ts";

let api: TestApi;
let tenant: Tenant;
beforeAll(async () => {
  api = await openTestApi();
  ({ tenant } = api);
});
afterAll(() => api.close());

const asOwner = (statement: string) =>
  api.tenancy.asOwner(tenant, async (owner) => (await owner.query(statement)).rows);
const status = async (name: string, password: string) => (await api.browser().signIn(name, password)).status;
const unblock = (user: string, json = false, key = tenant.key) =>
  runTenantCommand(api.tenancy, { verb: "unblock", key, user, json });
const administrator = (user: string, json = true, key = tenant.key) =>
  runTenantCommand(api.tenancy, { verb: "administrator", key, user, json });
const made = async (user: string) => JSON.parse(await administrator(user)).administrator;
const people = async () => (await asOwner("select count(*)::integer as count from access.users"))[0].count;
const noted = async () =>
  (
    await asOwner(
      "select action, (select u.name from access.users u where u.id = (detail ->> 'user')::integer) as name from public.audit where action like 'host.%' order by seq",
    )
  ).map(({ action, name }) => `${action} ${name}`);

test("who guessed too often signs in again once the host has said so, by any spelling of his name", async () => {
  const { password } = await api.aUser({ name: "Anna", level: 61 });
  for (let guess = 0; guess < 5; guess++) await status("Anna", "wrong");
  expect(await status("Anna", password)).toBe(401);
  expect(await unblock("ANNA")).toBe("ANNA may sign in again.");
  expect(await status("Anna", password)).toBe(200);
  expect(JSON.parse(await unblock("Anna", true))).toEqual({ key: tenant.key, user: "Anna" });
  expect(await noted()).toEqual(["host.unblock Anna", "host.unblock Anna"]);
});

test("nobody of that name is no one to unblock, and no such tenant has nobody", async () => {
  for (const user of ["nobody", "%", "'; --", "\0", "x".repeat(100_000)])
    await expect(unblock(user)).rejects.toThrow(/^There is no user/);
  await expect(unblock("Anna", false, "elsewhere")).rejects.toThrow("elsewhere");
  await expect(administrator("admin", false, "elsewhere")).rejects.toThrow("elsewhere");
});

test("an administrator who is locked out gets a first password, and what he had is worth nothing", async () => {
  const { name, password } = api.administrator;
  const before = await api.signedIn(name, password);
  const renewed = await made("ADMIN");
  expect(renewed.userName).toBe("ADMIN");
  expect((await before.ask("GET", "/api/session")).status).toBe(401);
  expect(await status(name, password)).toBe(401);
  const { body } = await api.browser().signIn(name, renewed.password);
  expect(body).toMatchObject({ session: null, mustChangePassword: true });
  expect(await administrator("admin", false)).toMatch(/name {6}admin\n {2}password {2}\S{19}$/);
});

test("an administrator who is not there yet is made, can sign in, and stands in the tenant's log", async () => {
  const { userName, password } = await made(" Rescue ");
  expect(userName).toBe("Rescue");
  expect((await api.browser().signIn("rescue", password)).body).toMatchObject({ mustChangePassword: true });
  expect((await noted()).at(-1)).toBe("host.administrator Rescue");
});

test("a name that nobody could sign in by makes no administrator", async () => {
  const before = await people();
  for (const user of ["", "  ", "a\nb", "\0", "\ud800", "x".repeat(201)])
    await expect(administrator(user)).rejects.toThrow("is no name for a user");
  expect(await people()).toBe(before);
});
