import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type TestApi } from "#testing/api.ts";

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());

test("when the disk is full nothing is changed, the reason is told, reading goes on, and writing comes back", async () => {
  const admin = api.asAdministrator;
  const before = (await admin.ask("POST", "/api/organisations", { name: "Before" })).body;
  // What PostgreSQL raises when it cannot extend a file, for records and for the log alike.
  await api.tenancy.asOwner(api.tenant, async (owner) => {
    await owner.query(
      `create function public.no_room() returns trigger language plpgsql as $$ begin raise exception 'no room' using errcode = '53100'; end $$`,
    );
    for (const table of ["organisation", "audit"])
      await owner.query(
        `create trigger no_room before insert or update on public.${table} for each row execute function public.no_room()`,
      );
    await owner.query("grant execute on function public.no_room() to strongroom_runtime");
  });

  const refused = await admin.ask("POST", "/api/organisations", { name: "Too late" });
  expect({ status: refused.status, code: refused.body.error.code }).toEqual({
    status: 503,
    code: "storage_full",
  });
  expect(
    (
      await admin.ask(
        "PATCH",
        `/api/organisations/${before.id}`,
        { name: "X" },
        { headers: { "if-match": '"1"' } },
      )
    ).status,
  ).toBe(503);
  expect((await admin.ask("GET", `/api/organisations/${before.id}`)).body.name).toBe("Before");
  expect((await admin.ask("GET", "/api/organisations")).body.items).toHaveLength(1);

  await api.tenancy.asOwner(api.tenant, (owner) => owner.query("drop function public.no_room() cascade"));
  expect((await admin.ask("POST", "/api/organisations", { name: "After" })).status).toBe(201);
  await expect
    .poll(
      () =>
        api.tenancy.asOwner(
          api.tenant,
          async (owner) =>
            (await owner.query("select count(*)::int as n from public.audit where outcome = 'storage_full'"))
              .rows[0].n,
        ),
      { timeout: 5000 },
    )
    .toBe(2);
});

test("whoever is at work when the host suspends the tenant is told so, and goes on when it is resumed", async () => {
  const admin = api.asAdministrator;
  expect((await admin.ask("GET", "/api/organisations")).status).toBe(200);
  await api.tenancy.suspend(api.tenant.key);
  const shut = await Promise.all([1, 2, 3].map(() => admin.ask("GET", "/api/organisations")));
  const refusals = shut.map(({ status, body }) => ({ status, code: body.error.code }));
  expect(refusals).toEqual([1, 2, 3].map(() => ({ status: 403, code: "tenant_suspended" })));
  await api.tenancy.resume(api.tenant.key);
  await expect.poll(async () => (await admin.ask("GET", "/api/organisations")).status).toBe(200);
});
