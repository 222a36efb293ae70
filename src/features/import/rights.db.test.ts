import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestApi, type Browser, type TestApi } from "#testing/api.ts";
import { importFile, untilDone, upload } from "#testing/imports.ts";

let api: TestApi;
let east: number;
let west: number;
beforeAll(async () => {
  api = await openTestApi({ jobs: true });
  const territory = async (name: string) =>
    (await api.asAdministrator.ask("POST", "/api/territories", { name })).body.id;
  [east, west] = [await territory("East"), await territory("West")];
});
afterAll(() => api.close());

const count = async (path: string) => (await api.asAdministrator.ask("GET", `/api/${path}/count`)).body.count;
const asOwner = (statement: string, values: unknown[] = []) =>
  api.tenancy.asOwner(api.tenant, (owner) => owner.query(statement, values));
const aPerson = async (user: Parameters<TestApi["aUser"]>[0]): Promise<{ browser: Browser; id: number }> => {
  const { id, name, password } = await api.aUser(user);
  return { id, browser: await api.signedIn(name, password) };
};

test("who may not import is refused every action of it; nobody sees another's import, not even an administrator", async () => {
  const { browser: seller } = await aPerson({ name: "seller", level: 61 });
  const { browser: manager } = await aPerson({ name: "manager", level: 70 });
  expect((await upload(seller, "organisation", "name\nA\n")).status).toBe(403);
  const { id } = (await upload(manager, "organisation", "name\nA\n")).body;
  const actions = [
    ["GET", ""],
    ["POST", "/check"],
    ["POST", "/run"],
    ["GET", "/report"],
    ["POST", "/undo"],
  ] as const;
  for (const [method, end] of actions) {
    expect((await seller.ask(method, `/api/imports/${id}${end}`)).status).toBe(403);
    expect((await api.asAdministrator.ask(method, `/api/imports/${id}${end}`)).status).toBe(404);
  }
  expect((await api.asAdministrator.ask("PATCH", `/api/imports/${id}`, { mapping: {} })).status).toBe(404);
  expect((await api.asAdministrator.ask("GET", "/api/imports")).body.items).toEqual([]);
  expect((await upload(manager, "user", "name\nA B\n")).status).toBe(403);
});

test("under scope group a row for somebody else is refused; one of one's own group is taken", async () => {
  const group = (await api.asAdministrator.ask("POST", "/api/groups", { name: "Team" })).body.id;
  const { browser: leader } = await aPerson({ name: "leader", level: 65, groups: [group] });
  await aPerson({ name: "member", level: 61, groups: [group] });
  await aPerson({ name: "stranger", level: 61 });
  const done = await importFile(
    leader,
    "organisation",
    "name,responsible\nMine,\nOurs,member\nTheirs,stranger\nNobody's,nobody\n",
  );
  expect(done).toMatchObject({ state: "done", created: 2, refused: 2 });
  const { text } = await leader.ask("GET", `/api/imports/${done.id}/report`);
  expect(text).toContain("4,Responsible,,your access level does not allow adding this one,Theirs,stranger");
  expect(text).toContain("nobody");
  expect((await upload(leader, "product", "name\nA\n")).body.error).toMatchObject({
    code: "forbidden",
    right: { module: "product", verb: "create" },
  });
});

test("a record out of sight is as one that is not there, and nothing is placed outside one's own territories", async () => {
  const { browser: inEast } = await aPerson({
    name: "east manager",
    level: 70,
    territories: [east],
    homeTerritory: east,
  });
  for (const [name, territory] of [
    ["In the east", east],
    ["In the west", west],
  ] as const)
    await api.asAdministrator.ask("POST", "/api/organisations", { name, territory });
  const { id } = (
    await upload(
      inEast,
      "opportunity",
      "name,account,stage,territory\nA,In the east,won,\nB,In the west,won,\nC,,won,West\nD,,won,East\n",
    )
  ).body;
  const check = (await inEast.ask("POST", `/api/imports/${id}/check`)).body;
  expect(check).toMatchObject({
    wouldCreate: 2,
    refused: 2,
    unmatched: [{ field: "organisation", text: "In the west", rows: 1 }],
  });
  expect(JSON.stringify(check.unmatched[0].suggestions)).not.toContain("west");
  expect(check.problems).toMatchObject([
    { row: 3, code: "not_found" },
    { row: 4, field: "territory", code: "beyond_own_rights" },
  ]);
  await inEast.ask("POST", `/api/imports/${id}/run`);
  expect(await untilDone(inEast, id)).toMatchObject({ state: "done", created: 2, refused: 2 });
});

test("users are made without a password, never above or beyond who imports them, and never twice", async () => {
  const { browser: administrator } = await aPerson({ name: "second admin", level: 80 });
  const done = await importFile(
    administrator,
    "user",
    "Name,Team,Region,Level\nSøren Ågård,Blue,North,61\nSøren  Ågård,Blue,North,\nBoss,Blue,North,99\nNo Such Level,,,62\nAda Administrator,,,\n",
  );
  expect(done).toMatchObject({ created: 2, refused: 3 });
  const users = (await administrator.ask("GET", "/api/users")).body.items;
  expect(users).toContainEqual(
    expect.objectContaining({ name: "soeren.aagaard", fullName: "Søren Ågård", level: 61 }),
  );
  expect(users).toContainEqual(expect.objectContaining({ name: "soeren.aagaard.2" }));
  const limited = await aPerson({ name: "east admin", level: 80, territories: [east], homeTerritory: east });
  expect(
    await importFile(
      limited.browser,
      "user",
      "Name,Region\nEasterner,East\nWesterner,West\nSoutherner,South\nAnyone,\n",
    ),
  ).toMatchObject({ created: 1, refused: 3 });
  expect(
    (await administrator.ask("GET", "/api/territories")).body.items.map(({ name }: { name: string }) => name),
  ).not.toContain("South");

  await administrator.ask("POST", `/api/imports/${done.id}/undo`);
  expect(await untilDone(administrator, done.id)).toMatchObject({ state: "undone" });
  expect(
    (await administrator.ask("GET", "/api/users")).body.items.filter(({ name }: { name: string }) =>
      name.startsWith("soeren"),
    ),
  ).toMatchObject([{ active: false }, { active: false }]);
});

test("when the right is lost while the job runs, it stops with that reason and nothing is changed", async () => {
  const { browser: manager, id: userId } = await aPerson({ name: "about to lose", level: 70 });
  const before = await count("organisations");
  const { id } = (
    await upload(
      manager,
      "organisation",
      `name\n${Array.from({ length: 1200 }, (_, row) => `Held ${row}`).join("\n")}\n`,
    )
  ).body;
  await api.tenancy.asOwner(api.tenant, async (owner) => {
    await owner.query("begin; lock table public.organisation in share mode");
    await manager.ask("POST", `/api/imports/${id}/run`);
    for (let waits = 0; waits === 0;)
      waits =
        (
          await asOwner(
            "select from pg_locks where not granted and mode = 'RowExclusiveLock' and relation = 'public.organisation'::regclass",
          )
        ).rowCount ?? 0;
    await asOwner("update access.users set level = 61 where id = $1", [userId]);
    await owner.query("commit");
  });
  const state = async () =>
    (await asOwner("select state, error from public.import where id = $1", [id])).rows[0] as {
      state: string;
      error: string;
    };
  for (let now = await state(); ; now = await state()) {
    if (now.state === "running" || now.state === "waiting") continue;
    expect(now).toEqual({
      state: "failed",
      error: "The right to do this was lost while it ran. Nothing was changed.",
    });
    break;
  }
  expect(await count("organisations")).toBe(before);
  const { rows } = await asOwner(
    // What was only looked at is written within a second, so it may come after.
    "select action, outcome from public.audit where user_id = $1 and action like 'import.%' order by seq desc limit 1",
    [userId],
  );
  expect(rows).toEqual([{ action: "import.take", outcome: "forbidden" }]);
});

test("undo bins what nobody changed since and the asker may delete, as one act in each timeline, and reports the rest", async () => {
  const { browser: manager, id: userId } = await aPerson({ name: "undoer", level: 70 });
  const done = await importFile(manager, "organisation", "name\nUndo one\nUndo two\nUndo three\n");
  const items = async () =>
    (
      await manager.ask("GET", "/api/organisations", undefined, {
        query: { filter: JSON.stringify({ field: "name", op: "startsWith", value: "Undo" }) },
      })
    ).body.items;
  const [one, , two] = await items();
  await manager.ask(
    "PATCH",
    `/api/organisations/${two.id}`,
    { city: "Aarhus" },
    { headers: { "if-match": '"1"' } },
  );
  expect((await manager.ask("POST", `/api/imports/${done.id}/undo`)).status).toBe(202);
  expect(await untilDone(manager, done.id)).toMatchObject({ state: "undone", created: 3 });
  expect((await items()).map(({ name }: { name: string }) => name)).toEqual([two.name]);
  expect(
    (await manager.ask("GET", `/api/organisations/${one.id}/timeline`)).body.items.map(
      ({ kind }: { kind: string }) => kind,
    ),
  ).toEqual(["deleted", "imported"]);
  expect((await manager.ask("GET", `/api/imports/${done.id}/report`)).text).toContain(
    `${two.name},was changed since the import and stays`,
  );
  expect((await manager.ask("POST", `/api/imports/${done.id}/undo`)).status).toBe(409);

  const kept = await importFile(manager, "organisation", "name\nKept\n");
  await asOwner("update access.users set level = 65 where id = $1", [userId]);
  await asOwner("update public.organisation set responsible_id = 1 where name = 'Kept'");
  await manager.ask("POST", `/api/imports/${kept.id}/undo`);
  expect(await untilDone(manager, kept.id)).toMatchObject({ state: "undone" });
  expect((await manager.ask("GET", `/api/imports/${kept.id}/report`)).text).toContain(
    "Kept,your access level does not allow deleting it",
  );
});

test("whoever adds many records at once cannot sign them with another's name or another day", async () => {
  const { browser: forger, id } = await aPerson({ name: "forger", level: 70 });
  const client = await api.tenancy.pool(api.tenant).connect();
  const insert = async (maker: number, at: string) => {
    await client.query("begin");
    await client.query("select access.enter($1)", [forger.cookies.get("__Host-strongroom")]);
    const added = client.query(
      `insert into public.organisation (id, name, created_by, changed_by, created_at, changed_at) values (gen_random_uuid(), 'Signed', $1, $1, ${at}, ${at})`,
      [maker],
    );
    const outcome = await added.then(
      () => "added",
      ({ code }: { code: string }) => code,
    );
    await client.query("rollback");
    return outcome;
  };
  expect(await insert(id, "now()")).toBe("added");
  expect(await insert(1, "now()")).toBe("42501");
  expect(await insert(id, "now() - interval '1 day'")).toBe("42501");
  client.release();
});
