import { afterAll, beforeAll, expect, test } from "vitest";
import { openDoor } from "#core/index.ts";
import { upload } from "#testing/imports.ts";
import { askers, openPlainSql, type Asker, type PlainSql } from "./plain-sql.ts";

let sql: PlainSql;
beforeAll(async () => {
  sql = await openPlainSql();
});
afterAll(() => sql[Symbol.asyncDispose]());

const forged = Buffer.alloc(32, 7);

test("nobody makes a session, learns a password's hash or sets a password in plain SQL", async () => {
  const asked = {
    "access.begin_sign_in": { name: "admin" },
    "access.finish_sign_in": { userId: 1, token: "00", device: "00", ip: "::1", userAgent: "" },
    "access.begin_password_change": { token: "00" },
    "access.finish_password_change": { sessionId: null, hash: "x" },
    "access.set_password": { userId: sql.ids["within"], hash: "x" },
  };
  const before = await sql.asOwner("select count(*)::int as n from access.session");
  for (const asker of askers)
    for (const [act, what] of Object.entries(asked)) {
      const answer = await sql.commit(
        asker,
        `select ${act}('${JSON.stringify(what)}', '\\x${forged.toString("hex")}')`,
      );
      expect({ asker, act, ...answer }).toEqual({ asker, act, code: "42501" });
    }
  expect(await sql.asOwner("select count(*)::int as n from access.session")).toEqual(before);
});

test("nobody writes a row of the log, and nobody takes its numbers", async () => {
  const statements = [
    "insert into public.audit (action, outcome) values ('session.sign_in', 'done')",
    "insert into public.audit (seq, action, outcome) overriding system value values (9223372036854775807, 'x', 'done')",
    "select nextval('public.audit_seq_seq')",
    "select setval('public.audit_seq_seq', 9223372036854775806)",
    "insert into access.sign_in (name, ip, outcome) values ('admin', '::1', 'signed_in')",
    `select public.log('{"rows": [{"action": "x", "outcome": "done"}], "shared": {}}', '\\x${forged.toString("hex")}')`,
    `select public.open_audit_run('{}', '\\x${forged.toString("hex")}')`,
    "update public.audit set action = 'x'",
    "delete from public.audit",
  ];
  for (const asker of askers)
    for (const statement of statements)
      expect({ statement, ...(await sql.commit(asker, statement)) }).toEqual({ statement, code: "42501" });
});

test("a proof is good for its own function and its own words only", async () => {
  const door = await sql.api.tenancy.asOwner(sql.api.tenant, openDoor);
  const asked = JSON.stringify({ name: "admin", network: "::1" });
  const proof = door("access.begin_sign_in", asked);
  const begin = "select user_id from access.begin_sign_in($1, $2)";
  expect((await sql.ask("nobody", begin, [asked, proof])).row).toEqual({ user_id: 1 });
  expect((await sql.ask("nobody", begin, [asked.replace("admin", "within"), proof])).code).toBe("42501");
  expect((await sql.ask("nobody", "select access.finish_sign_in($1, $2)", [asked, proof])).code).toBe(
    "42501",
  );
  expect((await sql.ask("nobody", "select access.door_secret()")).code).toBe("42501");
  expect((await sql.ask("administrator", "select * from access.door")).code).toBe("42501");
});

test("a row of the log bears the session's user, whatever the program says, and no time ahead", async () => {
  const door = await sql.api.tenancy.asOwner(sql.api.tenant, openDoor);
  const row = { at: "2999-01-01T00:00:00Z", userId: 1, action: "told", outcome: "done" };
  const asked = JSON.stringify({ rows: [row], shared: {} });
  await sql.api.tenancy
    .pool(sql.api.tenant)
    .query("select public.log($1, $2)", [asked, door("public.log", asked)]);
  const client = await sql.api.tenancy.connectAs(sql.api.tenant, sql.api.tenant.databaseName);
  await client.query("begin");
  await client.query("select access.enter($1)", [sql.token("display")]);
  await client.query("select public.log($1, $2)", [asked, door("public.log", asked)]);
  await client.query("commit");
  await client.end();
  const rows = await sql.asOwner(
    "select user_id, at <= clock_timestamp() as past from public.audit where action = 'told' order by seq",
  );
  expect(rows).toEqual([
    { user_id: 1, past: true },
    { user_id: sql.ids["display"], past: true },
  ]);
});

test("a session's token stands in no statement that others are shown", async () => {
  const token = sql.token("administrator") ?? "";
  const statements = async () =>
    (await sql.asRole("select query from pg_stat_activity")).map(({ query }) => query);
  const asking = Array.from({ length: 20 }, () => sql.api.asAdministrator.ask("GET", "/api/organisations"));
  const seen: string[] = [];
  for (let look = 0; look < 20; look++) seen.push(...(await statements()));
  await Promise.all(asking);
  seen.push(...(await statements()));
  expect(seen).toContain("COMMIT");
  expect(seen.filter((query) => query?.includes(token))).toEqual([]);
});

test("a limited administrator does not end the sessions of who is beyond his reach, nor unblock him", async () => {
  const { beyond, above, display, within } = sql.ids;
  for (const who of [beyond, above, display, 1])
    for (const act of [`access.end_sessions(${who}, null)`, `access.unblock(${who})`])
      expect({ act, ...(await sql.ask("limited", `select ${act}`)) }).toEqual({ act, code: "SR004" });
  expect((await sql.ask("limited", `select access.unblock(${within})`)).code).toBeUndefined();
  expect((await sql.ask("limited", `select access.end_sessions(${within}, null)`)).code).toBeUndefined();
});

test("a password is given by who administers its user, also when the program asks", async () => {
  const door = await sql.api.tenancy.asOwner(sql.api.tenant, openDoor);
  const { beyond, above, display, within } = sql.ids;
  const give = async (asker: Asker, userId: number | undefined) => {
    const asked = JSON.stringify({ userId, hash: "x" });
    const values = [asked, door("access.set_password", asked)];
    return (await sql.ask(asker, "select access.set_password($1, $2)", values)).code;
  };
  for (const asker of ["nobody", "ended", "display"] as const)
    for (const who of [within, display]) expect(await give(asker, who)).toBe("SR004");
  for (const who of [beyond, above, display, 1]) expect(await give("limited", who)).toBe("SR004");
  expect(await give("limited", within)).toBeUndefined();
  expect(await give("administrator", beyond)).toBeUndefined();
});

test("nobody drops the files of another's imports, and a user's drafts are sealed by a key that is his alone", async () => {
  const { body } = await upload(sql.api.asAdministrator, "organisation", "name\nA\n");
  const files = () => sql.asOwner(`select import_id from public.import_file where import_id = '${body.id}'`);
  for (const asker of askers.filter((each) => each !== "administrator"))
    for (const act of [`public.drop_import_file('${body.id}')`, "public.forget_imports(0)"])
      await sql.commit(asker, `select ${act}`);
  expect(await files()).toHaveLength(1);
  const keys = await sql.asOwner("select id, encode(draft_key, 'base64') as key from access.users");
  for (const [asker, id] of [
    ["display", sql.ids["display"]],
    ["administrator", 1],
  ] as const)
    expect((await sql.ask(asker, "select access.own_draft_key() as key")).row).toEqual({
      key: keys.find((each) => each.id === id)?.key,
    });
});
