import { afterAll, beforeAll, expect, test } from "vitest";
import { askers, openPlainSql, type Asker, type PlainSql, type Told } from "./plain-sql.ts";

let sql: PlainSql;
beforeAll(async () => {
  sql = await openPlainSql();
  await sql.api.asAdministrator.ask("POST", "/api/organisations", { name: "Øresund Kranser" });
});
afterAll(() => sql[Symbol.asyncDispose]());

/** What each asker is told: an error's code, or the value in the first row; "any" where it depends on him. */
type Expected = {
  call: (ids: PlainSql["ids"]) => string;
  told: Partial<Record<Asker, unknown>> & { others: unknown };
};
const nothing = "00000000-0000-0000-0000-000000000000";
const program = (name: string): [string, Expected] => [
  name,
  { call: () => `select ${name}('{}', '\\x00') as value`, told: { others: "42501" } },
];
const tells = (
  name: string,
  asked: string | ((ids: PlainSql["ids"]) => string),
  told: Expected["told"],
): [string, Expected] => [
  name,
  { call: (ids) => `select ${name}(${typeof asked === "string" ? asked : asked(ids)}) as value`, told },
];
const known = "any";
const signedIn = (value: unknown, nobody: unknown): Expected["told"] => ({
  others: value,
  nobody,
  ended: nobody,
});

/** Whom each function serves. One that is not in this table fails the test. */
const table = new Map<string, Expected>([
  ...[
    "public.log",
    "public.open_audit_run",
    "public.close_audit_run",
    "access.begin_sign_in",
    "access.finish_sign_in",
    "access.log_sign_in",
  ].map(program),
  ...[
    "access.begin_password_change",
    "access.finish_password_change",
    "access.set_password",
    "public.add_words_of_import",
  ].map(program),
  ...["started", "progress", "stopped"].flatMap((what) => [
    program(`public.import_${what}`),
    program(`public.take_back_${what}`),
  ]),
  // Who is asking, and what he himself may.
  tells("access.user_id", "", signedIn(known, null)),
  tells("access.everywhere", "", { others: true, nobody: false, ended: false, limited: false }),
  tells("access.territories", "", signedIn(known, [])),
  tells("access.scope", "'organisation', 'delete'", { others: "none", limited: "all", administrator: "all" }),
  tells("access.everyone", "'organisation', 'delete'", { others: false, limited: true, administrator: true }),
  tells("access.people", "'organisation', 'view'", { others: [] }),
  tells("access.permits", "'users'", { others: false, limited: true, administrator: true }),
  tells("access.allows", "'organisation', 'delete', 0, null, null", {
    others: false,
    limited: true,
    administrator: true,
  }),
  tells("access.enter", `'${"A".repeat(43)}'`, { others: null }),
  tells("access.who_may", "'organisation', 'view', 0, null, null", signedIn(known, undefined)),
  // Users.
  tells("access.may_administer", (ids) => `${ids["beyond"]}`, { others: false, administrator: true }),
  tells("access.may_keep_group", "1", { others: false, limited: true, administrator: true }),
  tells("access.end_sessions", (ids) => `${ids["beyond"]}, null`, { others: "SR004", administrator: 0 }),
  tells("access.open_sessions", "1", { others: 0, limited: 1, administrator: 1 }),
  tells("access.unblock", (ids) => `${ids["beyond"]}`, { others: "SR004", administrator: "" }),
  tells("access.place_users", (ids) => `'[{"user": ${ids["beyond"]}, "groups": []}]'`, {
    others: "SR004",
    administrator: "",
  }),
  // One's own session.
  tells("access.own_draft_key", "", signedIn(known, null)),
  tells("access.touch_session", "", { others: null }),
  tells("access.set_language", "'da'", { others: null }),
  tells("access.open_job_session", "'\\x01'", signedIn(known, null)),
  tells("access.hold", "'x', false", signedIn(true, false)),
  tells("public.forget_imports", "0", { others: null }),
  tells("public.drop_import_file", `'${nothing}'`, { others: null }),
  // Records, under the policy of who asks.
  tells("public.search", "'øresund', array['organisation'], 9", signedIn(known, undefined)),
  tells("public.history", `'organisation', '${nothing}', null, 9`, { others: undefined }),
  tells("public.changes_since", "0, 9", signedIn(known, undefined)),
  tells("public.last_change", "", signedIn(known, 0)),
  tells("public.standing", "", signedIn(known, "")),
  // Ids alone, of records that were moved; none were.
  tells("access.out_of_sight", "'organisation'", { others: undefined }),
  tells("public.absent", `'organisation', array['${nothing}'::uuid]`, signedIn(nothing, undefined)),
  tells("public.erase_record", `'organisation', '${nothing}'`, { others: "42501" }),
  tells("public.may_ask_to_restore", "", { others: false, administrator: true }),
  tells("public.happened", "now() - interval '1 day', now(), '1 day'", {
    others: undefined,
    administrator: known,
  }),
  tells("public.marks", "now() - interval '1 day', now(), 9", { others: undefined }),
]);

const definers = `select distinct p.oid::regproc::text as name, n.nspname || '.' || p.proname as full
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('public', 'access') and p.prosecdef and p.prorettype <> 'trigger'::regtype
    and has_function_privilege('strongroom_runtime', p.oid, 'execute')`;

test("every definer function states whom it serves", async () => {
  const there = (await sql.asOwner(definers)).map(({ full }) => full as string);
  expect(there.toSorted()).toEqual([...table.keys()].toSorted());
});

test("a function that is nobody's business cannot be called at all", async () => {
  const open =
    await sql.asOwner(`select p.oid::regprocedure::text as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('public', 'access') and has_function_privilege('public', p.oid, 'execute') and p.prosecdef`);
  expect(open).toEqual([]);
});

test("nobody, a display-only user, an ended session and a limited administrator are told and change what is theirs alone", async () => {
  // Who signed in was shown his session, which the log may hear of a moment later.
  const state = async () =>
    JSON.stringify(
      await sql.asOwner(`select (select md5(string_agg(u::text, ',' order by id)) from access.users u) as users,
        (select md5(string_agg(s::text, ',' order by id)) from access.session s) as sessions,
        (select md5(string_agg(a::text, ',' order by seq)) from public.audit a where a.action <> 'session.show') as log`),
    );
  const before = await state();
  for (const asker of askers)
    for (const [name, { call, told }] of table) {
      const answer = await sql.ask(asker, call(sql.ids));
      const expected = asker in told ? told[asker] : told.others;
      if (expected === known)
        expect({ asker, name, code: answer.code, some: valueOf(answer) !== null }).toEqual({
          asker,
          name,
          code: undefined,
          some: true,
        });
      else expect({ asker, name, told: valueOf(answer) }).toEqual({ asker, name, told: expected });
    }
  expect(await state()).toBe(before);
});

const valueOf = ({ code, row }: Told): unknown => code ?? row?.value;
