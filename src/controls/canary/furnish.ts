import type { Browser } from "./browser.ts";

/** Whom the canary has: one for every way of being limited. */
const people = [
  { name: "manager", level: 70, territories: [], home: undefined, groups: [] },
  { name: "limited", level: 61, territories: ["North"], home: "Coast", groups: ["Team"] },
  { name: "delegate", level: 65, territories: ["South"], home: "South", groups: ["Team"] },
  { name: "display", level: 25, territories: ["Coast"], home: undefined, groups: [] },
  { name: "restricted", level: 59, territories: [], home: "South", groups: [] },
  { name: "second", level: 59, territories: ["North"], home: "North", groups: [] },
  { name: "guessed", level: 59, territories: [], home: undefined, groups: [] },
] as const;

export const peopleNames: readonly string[] = people.map(({ name }) => name);

/** Makes the canary's territories, groups, people and records through the API, once; all made by the administrator. */
export async function furnish(administrator: Browser): Promise<void> {
  const { body } = await administrator.ask("GET", "/api/territories");
  if (body.items.length > 0) return;
  const made = async (path: string, fields: unknown) => {
    const answer = await administrator.ask("POST", path, fields);
    if (answer.status >= 300)
      throw new Error(`the canary could not be furnished: ${path} answered ${answer.status}`);
    return answer.body;
  };
  const ids = new Map<string, number>();
  for (const [name, parent] of [["North"], ["Coast", "North"], ["South"]] as const)
    ids.set(
      name,
      (await made("/api/territories", { name, parent: parent === undefined ? null : ids.get(parent) })).id,
    );
  ids.set("Team", (await made("/api/groups", { name: "Team" })).id);
  const users = new Map<string, number>();
  for (const { name, level, territories, home, groups } of people) {
    const place = {
      territories: territories.map((each) => ids.get(each)),
      groups: groups.map((each) => ids.get(each)),
    };
    const homeTerritory = home === undefined ? null : ids.get(home);
    users.set(
      name,
      (await made("/api/users", { name, fullName: `Canary ${name}`, level, homeTerritory, ...place })).user
        .id,
    );
  }
  await addRecords(made, ids, users);
}

type Made = (path: string, fields: unknown) => Promise<{ id: string }>;

async function addRecords(
  made: Made,
  territories: Map<string, number>,
  users: Map<string, number>,
): Promise<void> {
  const owners = [null, "manager", "limited", "delegate", "restricted", "second"];
  const places = [null, "North", "Coast", "South"];
  let turn = 0;
  const next = <T>(list: readonly T[]): T => list[turn++ % list.length] as T;
  for (let index = 0; index < 24; index++) {
    const [responsible, second, place] = [
      next(owners),
      next([null, "second", "restricted", null, "limited"]),
      next(places),
    ];
    const whose = {
      responsible: responsible === null ? null : users.get(responsible),
      secondResponsible: second === null ? null : users.get(second),
      territory: place === null ? null : territories.get(place),
    };
    const unset = { responsible: whose.responsible, secondResponsible: null, territory: null };
    const organisation = await made("/api/organisations", { name: `Organisation ${index}`, ...whose });
    const person = await made("/api/persons", { lastName: `Person ${index}`, organisation: organisation.id });
    await made("/api/products", { name: `Product ${index}`, ...(index % 2 === 0 ? whose : unset) });
    await made("/api/opportunities", {
      name: `Opportunity ${index}`,
      stage: "engaging",
      organisation: index % 3 === 0 ? null : organisation.id,
      ...(index % 4 === 0 ? whose : unset),
    });
    await made("/api/activities", {
      name: `Activity ${index}`,
      kind: "call",
      person: person.id,
      ...(index % 5 === 0 ? whose : unset),
    });
  }
}
