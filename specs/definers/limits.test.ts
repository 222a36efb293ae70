import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlainSql, type PlainSql } from "./plain-sql.ts";

let sql: PlainSql;
beforeAll(async () => {
  sql = await openPlainSql();
});
afterAll(() => sql[Symbol.asyncDispose]());

const place = (user: number | undefined, territories: unknown, groups: unknown = null) =>
  `select access.place_users('${JSON.stringify([{ user, territories, groups }])}')`;

test("a limited administrator does not lift his own limit, nor anybody's beyond his own", async () => {
  const { limited, within, beyond, above, display, central, east } = sql.ids;
  const attempts = [
    `delete from access.user_territory where user_id = ${limited}`,
    `insert into access.user_territory values (${limited}, ${central})`,
    place(limited, []),
    place(limited, [east, central]),
    place(within, []),
    place(within, [central]),
    place(beyond, [east]),
    place(1, [east]),
    place(above, [east]),
    place(display, [east]),
    `update access.users set level = 99 where id = ${limited}`,
    `update access.users set active = false where id = ${beyond}`,
    `update access.users set full_name = 'Renamed' where id = 1`,
    `update access.users set full_name = 'Renamed' where id = ${above}`,
    `update access.users set full_name = 'Renamed' where id = ${display}`,
    `update access.users set home_territory = 0 where id = ${beyond}`,
    `update access.users set home_territory = ${central} where id = ${within}`,
    "insert into access.users (name, full_name, level) values ('puppet', 'Puppet', 61)",
    `update access.territory set parent_id = ${east} where id = ${central}`,
    "update access.level set rights = '{}'",
    `update access.setting set value = '100' where key = 'failedSignInLimit'`,
    `delete from access.territory where id = ${central}`,
  ];
  const state = () =>
    sql.asOwner(`select (select jsonb_agg(u order by id) from access.users u) as users,
      (select jsonb_agg(t order by t) from access.user_territory t) as places, (select jsonb_agg(t order by t) from access.territory t) as territories`);
  const before = await state();
  for (const attempt of attempts) {
    const { code } = await sql.commit("limited", attempt);
    expect({ attempt, refused: ["SR004", "42501"].includes(code ?? "") }).toEqual({ attempt, refused: true });
  }
  expect(await state()).toEqual(before);
});

test("a limited administrator gives what he has, and adds users within his own territories", async () => {
  const { within, east } = sql.ids;
  expect((await sql.commit("limited", place(within, [east]))).code).toBeUndefined();
  const added = await sql.commit(
    "limited",
    "insert into access.users (name, full_name, level) values ('helper', 'Helper', 61)",
    `select access.place_users(jsonb_build_array(jsonb_build_object('user', (select id from access.users where name = 'helper'), 'territories', array[${east}])))`,
  );
  expect(added.code).toBeUndefined();
});

test("a limited administrator joins no group whose members are beyond his reach, and takes nobody out of one, unless he is in it", async () => {
  const { limited, within, beyond, east } = sql.ids;
  const groups = await sql.asOwner(
    "insert into access.groups (name) values ('Reaching'), ('Near'), ('Empty') returning id",
  );
  const [reaching, near, empty] = groups.map(({ id }) => id as number);
  await sql.asOwner(`insert into access.user_group values (${beyond}, ${reaching}), (${within}, ${near})`);
  expect((await sql.commit("limited", place(limited, null, [reaching]))).code).toBe("SR004");
  expect((await sql.commit("limited", place(within, null, [near, reaching]))).code).toBe("SR004");
  expect(
    (await sql.commit("limited", `update access.groups set name = 'Mine' where id = ${reaching}`)).code,
  ).toBe("SR004");
  expect((await sql.commit("limited", place(limited, [east], [near, empty]))).code).toBeUndefined();
  await sql.asOwner(`insert into access.user_group values (${within}, ${reaching})`);
  expect((await sql.commit("limited", place(within, null, [near]))).code).toBe("SR004");
  expect((await sql.commit("administrator", place(limited, null, [reaching]))).code).toBeUndefined();
  expect((await sql.commit("limited", place(within, null, [near]))).code).toBeUndefined();
});
