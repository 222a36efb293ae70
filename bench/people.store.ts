import type { Client } from "pg";
import { groupCount, territoryRows, userRows } from "./places.ts";

/** Territories, groups and users, all users with one password. Runs before the records are there. */
export async function fillPeople(client: Client, passwordHash: string): Promise<void> {
  // Nobody who is limited to a territory asks here.
  await client.query("set role strongroom_owner");
  const territories = territoryRows();
  const users = userRows();
  await client.query(
    "insert into access.territory (id, name, parent_id) select * from unnest($1::int[], $2::text[], $3::int[])",
    [
      territories.map((row) => row.id),
      territories.map((row) => row.name),
      territories.map((row) => row.parent),
    ],
  );
  await client.query(
    "insert into access.groups (id, name) select n, 'Group ' || n from generate_series(1, $1::int) n",
    [groupCount],
  );
  await client.query(
    `insert into access.users (id, name, full_name, level, home_territory, password_hash, password_set_at)
     select id, name, initcap(replace(name, '.', ' ')), level, home, $5, now()
     from unnest($1::int[], $2::text[], $3::int[], $4::int[]) as u (id, name, level, home)`,
    [
      users.map((row) => row.id),
      users.map((row) => row.name),
      users.map((row) => row.level),
      users.map((row) => row.home),
      passwordHash,
    ],
  );
  const limits = users.flatMap((row) => row.territories.map((territory) => [row.id, territory] as const));
  await client.query(
    "insert into access.user_territory (user_id, territory_id) select * from unnest($1::int[], $2::int[])",
    [limits.map(([user]) => user), limits.map(([, territory]) => territory)],
  );
  await client.query(
    "insert into access.user_group (user_id, group_id) select * from unnest($1::int[], $2::int[])",
    [users.map((row) => row.id), users.map((row) => row.group)],
  );
  for (const table of ["territory", "groups", "users"])
    await client.query(
      `select setval(pg_get_serial_sequence('access.${table}', 'id'), (select max(id) from access.${table}))`,
    );
  await client.query("reset role");
}
