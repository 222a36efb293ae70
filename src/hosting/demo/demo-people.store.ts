import type { ClientBase } from "pg";
import { hashPassword } from "#features/sign-in/index.ts";
import { generatedPassword } from "#features/users/index.ts";
import { salesTeams } from "./maven-data.ts";

export type DemoPerson = { fullName: string; name: string; password: string; level: number; territory: string | null; manager: string | null };

const signInName = (fullName: string) => fullName.toLowerCase().replace(/[^a-z]+/g, ".");

/** The administrator, the six managers and the 35 salespeople of the data, each with a generated password. */
export function demoPeople(): DemoPerson[] {
  const teams = salesTeams();
  const person = (fullName: string, level: number, territory: string | null, manager: string | null): DemoPerson => ({ fullName, name: signInName(fullName), password: generatedPassword(), level, territory, manager });
  const managers = [...new Map(teams.map((row) => [row.manager, row.regional_office]))];
  return [
    { ...person("Ada Administrator", 99, null, null), name: "admin" },
    ...managers.map(([name, office]) => person(name, 70, office, name)),
    ...teams.map((row) => person(row.sales_agent, 61, row.regional_office, row.manager)),
  ];
}

/** Adds territories, groups (one per manager) and users; answers user ids and territory ids by name. */
export async function insertPeople(owner: ClientBase, people: readonly DemoPerson[]): Promise<{ users: Map<string, number>; territories: Map<string, number> }> {
  const territories = await insertNamed(owner, "access.territory", people.map((person) => person.territory));
  const groups = await insertNamed(owner, "access.groups", people.map((person) => person.manager));
  const hashes = await Promise.all(people.map((person) => hashPassword(person.password)));
  const users = new Map<string, number>();
  for (const [index, person] of people.entries()) {
    const territory = person.territory === null ? undefined : territories.get(person.territory);
    const { rows } = await owner.query<{ id: number }>(
      "insert into access.users (name, full_name, level, home_territory, password_hash, password_set_at) values ($1, $2, $3, $4, $5, now()) returning id",
      [person.name, person.fullName, person.level, territory ?? 0, hashes[index]],
    );
    const id = rows[0]?.id ?? 0;
    users.set(person.fullName, id);
    if (territory !== undefined) await owner.query("insert into access.user_territory values ($1, $2)", [id, territory]);
    if (person.manager !== null) await owner.query("insert into access.user_group values ($1, $2)", [id, groups.get(person.manager)]);
  }
  return { users, territories };
}

async function insertNamed(owner: ClientBase, table: string, names: readonly (string | null)[]): Promise<Map<string, number>> {
  const wanted = [...new Set(names.filter((name) => name !== null))].sort();
  const { rows } = await owner.query<{ id: number; name: string }>(`insert into ${table} (name) select unnest($1::text[]) returning id, name`, [wanted]);
  return new Map(rows.map((row) => [row.name, row.id]));
}
