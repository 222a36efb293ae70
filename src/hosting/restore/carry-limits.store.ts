import type { ClientBase } from "pg";

type LimitedUser = {
  id: number;
  createdAt: string;
  /** Names of the territories he is limited to; null when he sees all. */
  territories: string[] | null;
  groups: string[];
};

type Territory = { id: number; name: string; parent: number | null };

/** What levels and settings allow, and how far each user sees. */
export type Limits = {
  users: LimitedUser[];
  territories: Territory[];
  levels: object[];
  settings: { key: string; value: unknown }[];
  devices: string[];
};

const territoriesOf = "SELECT id, name, parent_id AS parent FROM access.territory WHERE id > 0";

// What the tenant's business is counted in is no limit.
const settingsOfThen = ["currency"];

export async function readLimits(client: ClientBase): Promise<Limits> {
  const all = async <Row extends object>(query: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>(query, values)).rows;
  const levels = await all<{ row: object }>("SELECT to_jsonb(l) AS row FROM access.level l");
  const devices = await all<{ hash: string }>("SELECT encode(token_hash, 'hex') AS hash FROM access.device");
  return {
    users: await readLimited(client),
    territories: await all(territoriesOf),
    levels: levels.map(({ row }) => row),
    settings: await all("SELECT key, value FROM access.setting WHERE key <> ALL ($1)", [settingsOfThen]),
    devices: devices.map(({ hash }) => hash),
  };
}

async function readLimited(client: ClientBase): Promise<LimitedUser[]> {
  const { rows } = await client.query<LimitedUser>(`
    SELECT u.id, u.created_at::text AS "createdAt",
      (SELECT array_agg(t.name ORDER BY t.name) FROM access.user_territory ut
         JOIN access.territory t ON t.id = ut.territory_id WHERE ut.user_id = u.id) AS territories,
      coalesce((SELECT array_agg(g.name ORDER BY g.name) FROM access.user_group ug
         JOIN access.groups g ON g.id = ug.group_id WHERE ug.user_id = u.id), '{}') AS groups
    FROM access.users u ORDER BY u.id`);
  return rows;
}

/**
 * Limits users of then as they are limited today, and gives levels and settings their present meaning; the numbers of
 * those who saw more then. Who sees all today and did not then stays limited. A territory that was not there yet is
 * made, empty: whoever is limited to it sees nothing rather than everything.
 */
export async function giveLimits(client: ClientBase, today: Limits): Promise<number[]> {
  await client.query(
    `INSERT INTO access.level SELECT * FROM json_populate_recordset(NULL::access.level, $1)
     ON CONFLICT (number) DO UPDATE SET name = excluded.name, rights = excluded.rights, permissions = excluded.permissions`,
    [JSON.stringify(today.levels)],
  );
  await client.query(
    `UPDATE access.setting s SET value = n.value FROM json_to_recordset($1) n (key text, value jsonb) WHERE n.key = s.key`,
    [JSON.stringify(today.settings)],
  );
  await client.query("DELETE FROM access.device WHERE encode(token_hash, 'hex') <> ALL ($1)", [
    today.devices,
  ]);
  const key = ({ id, createdAt }: LimitedUser) => `${id} ${createdAt}`;
  const then = new Map((await readLimited(client)).map((user) => [key(user), user]));
  const places = await placesOf(client, today);
  await cutTree(client, today, places);
  const limited: number[] = [];
  for (const user of today.users) {
    const before = then.get(key(user));
    if (before === undefined) continue;
    await giveGroups(client, user);
    if (user.territories === null || JSON.stringify(user.territories) === JSON.stringify(before.territories))
      continue;
    await client.query("DELETE FROM access.user_territory WHERE user_id = $1", [user.id]);
    for (const name of user.territories)
      await client.query("INSERT INTO access.user_territory (user_id, territory_id) VALUES ($1, $2)", [
        user.id,
        await places.made(name),
      ]);
    limited.push(user.id);
  }
  return limited;
}

type Places = {
  before: Territory[];
  /** The number that a territory of today has in the database of then: of its name, or of what it was called then. */
  known: (territory: Pick<Territory, "id" | "name">) => number | undefined;
  /** The same by its name of today; made when it is not there. */
  made: (name: string) => Promise<number>;
};

async function placesOf(client: ClientBase, today: Limits): Promise<Places> {
  const { rows: before } = await client.query<Territory>(territoriesOf);
  const byName = new Map(before.map(({ id, name }) => [name, id]));
  const names = new Set(today.territories.map(({ name }) => name));
  const byNumber = new Map(before.filter(({ name }) => !names.has(name)).map(({ id }) => [id, id]));
  const known: Places["known"] = ({ id, name }) => byName.get(name) ?? byNumber.get(id);
  const made = async (name: string) => {
    const id = today.territories.find((each) => each.name === name)?.id ?? 0;
    const there = known({ id, name });
    if (there !== undefined) return there;
    const inserted = await client.query<{ id: number }>(
      "INSERT INTO access.territory (name) VALUES ($1) RETURNING id",
      [name],
    );
    byName.set(name, inserted.rows[0]!.id);
    return inserted.rows[0]!.id;
  };
  return { before, known, made };
}

/** What lay below a territory then and does not today is out of sight for who is limited to that one: it stays so. */
async function cutTree(client: ClientBase, today: Limits, { before, known }: Places): Promise<void> {
  const parentsToday = new Map(today.territories.map(({ id, parent }) => [id, parent]));
  const numbers = new Map(today.territories.map((each) => [each.id, known(each)]));
  const aboveToday = new Map<number | undefined, Set<number | undefined>>();
  for (const [id, number] of numbers) {
    const above = new Set<number | undefined>();
    for (let up = parentsToday.get(id); typeof up === "number"; up = parentsToday.get(up))
      above.add(numbers.get(up));
    aboveToday.set(number, above);
  }
  const parentsBefore = new Map(before.map(({ id, parent }) => [id, parent]));
  for (const { id, parent } of before) {
    const above = aboveToday.get(id);
    if (above === undefined) continue;
    let up = parent;
    while (up !== null && !above.has(up)) up = parentsBefore.get(up) ?? null;
    if (up !== parent)
      await client.query("UPDATE access.territory SET parent_id = $2 WHERE id = $1", [id, up]);
  }
}

async function giveGroups(client: ClientBase, { id, groups }: LimitedUser): Promise<void> {
  await client.query(
    `DELETE FROM access.user_group ug USING access.groups g WHERE g.id = ug.group_id AND ug.user_id = $1 AND g.name <> ALL ($2)`,
    [id, groups],
  );
  await client.query(
    `INSERT INTO access.user_group (user_id, group_id) SELECT $1, g.id FROM access.groups g WHERE g.name = ANY ($2)
     ON CONFLICT DO NOTHING`,
    [id, groups],
  );
}
