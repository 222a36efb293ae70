import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test("a user who fails three times may still sign in, and one who fails a fourth time may not", async () => {
  const user = await api.aUser({ name: "forgetful", level: 61 });
  const stranger = api.browser();
  for (let n = 0; n < 3; n++) expect((await stranger.signIn("forgetful", "wrong")).status).toBe(401);
  expect((await stranger.signIn("forgetful", user.password)).status).toBe(200);

  const other = api.browser();
  for (let n = 0; n < 4; n++) await other.signIn("forgetful", "wrong");
  expect((await other.signIn("forgetful", user.password)).status).toBe(401);
});

test("an administrator reads how many sessions of a blocked user go on, nobody else does, and ends them", async () => {
  const user = await api.aUser({ name: "goes-on", level: 61 });
  const desk = await api.signedIn("goes-on", user.password);
  const row = async () => {
    const { items } = (await api.asAdministrator.ask("GET", "/api/users")).body;
    return items.find((each: { name: string }) => each.name === "goes-on");
  };
  expect(await row()).toMatchObject({ openSessions: 1 });
  expect((await desk.ask("GET", "/api/session")).status).toBe(200);
  expect((await api.asAdministrator.ask("POST", `/api/users/${user.id}/sign-out`, {})).status).toBe(200);
  expect(await row()).toMatchObject({ openSessions: 0 });
  expect((await desk.ask("GET", "/api/session")).status).toBe(401);
});

test("an administrator unblocks a blocked user", async () => {
  const user = await api.aUser({ name: "blocked", level: 61 });
  for (let n = 0; n < 5; n++) await api.browser().signIn("blocked", "wrong");
  expect((await api.browser().signIn("blocked", user.password)).status).toBe(401);
  expect(
    (await api.asAdministrator.ask("POST", `/api/users/${user.id}/unblock`, {})).body.blockedAt,
  ).toBeNull();
  expect((await api.browser().signIn("blocked", user.password)).status).toBe(200);
});

test("a stranger's guesses do not block the device a user has signed in with before", async () => {
  const user = await api.aUser({ name: "regular", level: 61 });
  const own = await api.signedIn("regular", user.password);
  for (let n = 0; n < 6; n++) await api.browser().signIn("regular", "wrong");
  expect((await api.browser().signIn("regular", user.password)).status).toBe(401);
  expect((await own.signIn("regular", user.password)).status).toBe(200);
});

test("a known device that guesses wrong four times is blocked too", async () => {
  const user = await api.aUser({ name: "stolen", level: 61 });
  const device = await api.signedIn("stolen", user.password);
  for (let n = 0; n < 4; n++) await device.signIn("stolen", "wrong");
  expect((await device.signIn("stolen", user.password)).status).toBe(401);
});

test("of 64 guesses at once, four at most are compared with the password", async () => {
  await api.aUser({ name: "attacked", level: 61 });
  await Promise.all(Array.from({ length: 60 }, () => api.browser().signIn("attacked", "wrong")));
  const log = await api.asAdministrator.ask("GET", "/api/sign-ins?limit=200");
  const outcomes = log.body.items
    .filter((item: { name: string }) => item.name === "attacked")
    .map((item: { outcome: string }) => item.outcome);
  expect(outcomes.filter((outcome: string) => outcome === "failed")).toHaveLength(4);
});

test("an unknown name is answered like a wrong password", async () => {
  await api.aUser({ name: "known", level: 61 });
  const [known, unknown] = [
    await api.browser().signIn("known", "wrong"),
    await api.browser().signIn("nobody", "wrong"),
  ];
  const plain = ({ body: { error }, status }: { body: any; status: number }) => ({
    status,
    code: error.code,
    message: error.message,
  });
  expect(plain(known)).toEqual(plain(unknown));
});

test("every attempt is in the log with the peer's address, whatever a header claims", async () => {
  const user = await api.aUser({ name: "traced", level: 61 });
  const far = api.browser({ ip: "203.0.113.9" });
  await far.ask(
    "POST",
    "/api/sign-in",
    { name: "traced", password: user.password },
    { headers: { "x-forwarded-for": "10.0.0.1" } },
  );
  const { items } = (await api.asAdministrator.ask("GET", "/api/sign-ins?limit=50")).body;
  expect(items.find((item: { name: string }) => item.name === "traced")).toMatchObject({
    ip: "203.0.113.9",
    outcome: "signed_in",
  });
});

test("signing out everywhere ends the other sessions at once", async () => {
  const user = await api.aUser({ name: "everywhere", level: 61 });
  const [desk, phone] = [
    await api.signedIn("everywhere", user.password),
    await api.signedIn("everywhere", user.password),
  ];
  expect((await desk.ask("POST", "/api/sign-out-everywhere", {})).status).toBe(200);
  expect((await phone.ask("GET", "/api/session")).status).toBe(401);
});

test("a session ends when it idles too long, and at its latest hour in any case", async () => {
  const user = await api.aUser({ name: "sleepy", level: 61 });
  for (const column of ["idle_until", "ends_at"]) {
    const one = await api.signedIn("sleepy", user.password);
    expect((await one.ask("GET", "/api/session")).status).toBe(200);
    await api.tenancy.asOwner(api.tenant, (owner) =>
      owner.query(`update access.session set ${column} = now() - interval '1 second'`),
    );
    expect((await one.ask("GET", "/api/session")).body.error.code).toBe("signed_out");
    await api.asAdministrator.signIn(api.administrator.name, api.administrator.password);
  }
});

test("a forged token is nobody", async () => {
  const forger = api.browser();
  for (const token of ["", "x", "A".repeat(43), "'; drop table audit; --", "%00".repeat(20)]) {
    forger.cookies.set("__Host-strongroom", token);
    expect((await forger.ask("GET", "/api/organisations")).body.error.code).toBe("signed_out");
  }
});

test("another site's page cannot make a signed-in browser change anything", async () => {
  const attack = (headers: Record<string, string>) =>
    api.asAdministrator.ask("POST", "/api/organisations", { name: "Planted" }, { headers });
  expect((await attack({ origin: "https://evil.example" })).body.error.code).toBe("cross_site");
  expect((await attack({ origin: "null" })).body.error.code).toBe("cross_site");
  expect((await attack({ "sec-fetch-site": "cross-site" })).body.error.code).toBe("cross_site");
  expect((await attack({ origin: `http://${api.tenant.host}` })).status).toBe(201);
});

test("a cookie of one tenant is nobody at another", async () => {
  const other = await api.tenancy.aTenant();
  const there = api.browser({ host: other.host });
  there.cookies.set("__Host-strongroom", api.asAdministrator.cookies.get("__Host-strongroom") ?? "");
  expect((await there.ask("GET", "/api/organisations")).body.error.code).toBe("signed_out");
});

test("an address that is no tenant's answers nothing", async () => {
  expect((await api.browser({ host: "localhost" }).ask("GET", "/api/session")).body.error.code).toBe(
    "no_such_tenant",
  );
  expect((await api.browser({ host: `x.${api.tenant.host}` }).ask("GET", "/api/session")).status).toBe(404);
});
