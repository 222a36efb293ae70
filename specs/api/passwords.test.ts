import { afterAll, beforeAll, expect, test } from "vitest";
import { createFirstAdministrator, resetAdministrator } from "#features/users/index.ts";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

const asOwner = (statement: string, values: unknown[] = []) =>
  api.tenancy.asOwner(api.tenant, async (owner) => (await owner.query(statement, values)).rows);
const next = "eleven quiet herons";
const change = async (who: Browser, current: string, wanted = next): Promise<string | undefined> =>
  (await who.ask("POST", "/api/session/password", { current, next: wanted })).body.error?.code;
const signedIn = async (name: string) => {
  const { id, password } = await api.aUser({ name, level: 61 });
  return { id, password, browser: await api.signedIn(name, password) };
};

test.each([
  { ended: "was ended", how: "update access.session set ended_at = now() where user_id = $1" },
  {
    ended: "idled too long",
    how: "update access.session set idle_until = now() - interval '1 second' where user_id = $1",
  },
  {
    ended: "reached its latest hour",
    how: "update access.session set ends_at = now() - interval '1 second' where user_id = $1",
  },
  { ended: "is a job's", how: "update access.session set kind = 'job' where user_id = $1" },
  {
    ended: "is of a user who was switched off",
    how: "update access.users set active = false where id = $1",
  },
  { ended: "is of a user who may nothing", how: "update access.users set level = 1 where id = $1" },
])("a session that $ended changes no password and does not come back", async ({ ended, how }) => {
  const { id, password, browser } = await signedIn(`password ${ended}`);
  await asOwner(how, [id]);
  const state = () =>
    asOwner(
      `select s.ended_at, s.idle_until, s.ends_at, s.guesses, u.password_hash from access.session s
       join access.users u on u.id = s.user_id where u.id = $1`,
      [id],
    );
  const before = await state();
  expect(await change(browser, password)).toBe("signed_out");
  expect(await state()).toEqual(before);
});

test("a changed password ends the user's other sessions, holds for good, and forgives earlier guesses", async () => {
  const name = "changes";
  const made = await api.asAdministrator.ask("POST", "/api/users", { name, fullName: name, level: 61 });
  const given = made.body.password as string;
  const [desk, phone] = [api.browser(), api.browser()];
  for (const each of [desk, phone]) await each.signIn(name, given);
  const ends = async () =>
    (
      await asOwner(
        "select extract(epoch from password_ends_at - now()) / 86400 as days from access.users where name = $1",
        [name],
      )
    )[0]?.days as number | null;
  expect(Number(await ends())).toBeCloseTo(7, 2);
  expect(await change(desk, given)).toBeUndefined();
  expect(await ends()).toBeNull();
  expect(await change(phone, given)).toBe("signed_out");
  for (let n = 0; n < 3; n++) expect(await change(desk, "wrong")).toBe("wrong_password");
  expect(await change(desk, next, "twelve quiet herons")).toBeUndefined();
  for (let n = 0; n < 4; n++) expect(await change(desk, "wrong")).toBe("wrong_password");
  expect((await desk.ask("GET", "/api/session")).status).toBe(200);
});

test("a session lasts as long as the settings say, idle and in all", async () => {
  await signedIn("stays");
  expect(
    await asOwner(
      `select round(extract(epoch from idle_until - s.created_at) / 60)::int as idle, round(extract(epoch from ends_at - s.created_at) / 3600)::int as hours
       from access.session s join access.users u on u.id = s.user_id where u.name = 'stays'`,
    ),
  ).toEqual([{ idle: 480, hours: 168 }]);
});

test("a right password opens nothing to who was switched off or may nothing, and is not told from a wrong one", async () => {
  for (const how of ["active = false", "level = 1"]) {
    const name = `closed by ${how}`;
    const { id, password } = await api.aUser({ name, level: 61 });
    await asOwner(`update access.users set ${how} where id = $1`, [id]);
    const [right, wrong] = [
      await api.browser().signIn(name, password),
      await api.browser().signIn(name, "wrong"),
    ];
    const told = ({ status, body }: typeof right) => [status, body.error.code, body.error.message];
    expect(told(right)).toEqual(told(wrong));
    expect(told(right).slice(0, 2)).toEqual([401, "sign_in_failed"]);
  }
});

test("an administrator whom the host lets in again is the only one in: blocks, closings and sessions of before have gone", async () => {
  const tenant = await api.tenancy.aTenant();
  const there = api.tenancy.asOwner;
  const first = await there(tenant, (owner) =>
    createFirstAdministrator(owner, { name: "admin", fullName: "Ada" }),
  );
  const thief = api.browser({ host: tenant.host });
  await thief.signIn("admin", first.password);
  expect(await change(thief, first.password)).toBeUndefined();
  expect((await thief.ask("GET", "/api/session")).status).toBe(200);
  for (let n = 0; n < 5; n++) await api.browser({ host: tenant.host }).signIn("admin", "wrong");
  await there(tenant, async (owner) => {
    await owner.query("insert into access.users (name, full_name, level) values ('other', 'Other', 99)");
    await owner.query("update access.users set level = 80, active = false where name = 'admin'");
  });
  const { password } = await there(tenant, (owner) => resetAdministrator(owner, "admin"));
  expect((await thief.ask("GET", "/api/session")).status).toBe(401);
  const own = api.browser({ host: tenant.host });
  expect((await own.signIn("admin", password)).body).toMatchObject({ mustChangePassword: true });
  expect(await change(own, password, "nine yellow buses")).toBeUndefined();
  expect((await own.ask("GET", "/api/session")).body.user.level.number).toBe(99);
});
