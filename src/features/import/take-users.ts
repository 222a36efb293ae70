import { Refusal, type Actor, type AuditEntry, type Db } from "#core/index.ts";
import { insertGroup, insertTerritory, mustHold } from "../users/index.ts";
import type { StoredImport } from "./import.store.ts";
import { readDirectory } from "./look-up.store.ts";
import type { Outcome, Problem, Refused } from "./prepare.ts";
import { fault, type Fault } from "./read-cell.ts";
import type { FileRow } from "./read-rows.ts";
import type { Reason } from "./import.words.ts";
import type { ReadAgain } from "./take-records.ts";
import type { Target } from "./targets.ts";
import {
  insertUsers,
  readKeptGroups,
  readLevels,
  readTakenNames,
  type NewUser,
  type TakenNames,
} from "./users.store.ts";

/** The standard access level (shipped levels), for a file that says none. */
const levelUnlessSaid = 61;

type Person = {
  row: number;
  fullName: string;
  name: string;
  group: string;
  territory: string;
  level: number;
};
/** Ids by lower-case name. */
type Places = Map<string, number>;

export type UserPlan = {
  readonly actor: Actor;
  readonly target: Target;
  readonly columns: ReadonlyMap<string | null, number>;
  readonly territories: Places;
  readonly groups: Places;
  /** Groups he may put others into. */
  readonly keptGroups: Set<number>;
  readonly levels: ReadonlySet<number>;
  readonly taken: TakenNames;
};

export async function planUsers(
  db: Db,
  actor: Actor,
  target: Target,
  one: Pick<StoredImport, "mapping" | "columns">,
): Promise<UserPlan> {
  const directory = await readDirectory(db);
  const ids = (named: readonly { id: number; name: string }[]) =>
    new Map(named.map(({ id, name }) => [name.toLowerCase(), id]));
  const columns = new Map(
    Object.entries(one.mapping).map(([column, field]) => [
      field,
      one.columns.findIndex(({ name }) => name === column),
    ]),
  );
  return {
    actor,
    target,
    columns,
    territories: ids(directory.territories),
    groups: ids(directory.groups),
    keptGroups: await readKeptGroups(db),
    levels: await readLevels(db),
    taken: await readTakenNames(db),
  };
}

type Into =
  | { readonly db: Db; readonly audit: (entry: AuditEntry) => void; readonly created: number[] }
  | undefined;

/** Takes the file as users without passwords, with the territories and groups they name; undefined `into` is a dry run. */
export async function* takeUsers(plan: UserPlan, read: ReadAgain, into: Into): AsyncGenerator<Outcome> {
  for await (const rows of read()) {
    const { taken, refused } = prepareUsers(plan, rows);
    if (into !== undefined && taken.length > 0) await addUsers(plan, taken, into);
    yield { taken, refused };
  }
}

export function prepareUsers(
  plan: UserPlan,
  rows: readonly FileRow[],
): { taken: Person[]; refused: Refused[] } {
  const batch = { taken: [] as Person[], refused: [] as Refused[] };
  for (const row of rows) {
    const cell = (field: string) => (row.cells[plan.columns.get(field) ?? -1] ?? "").trim();
    const person = {
      row: row.row,
      fullName: cell("fullName"),
      name: "",
      group: cell("group"),
      territory: cell("territory"),
      level: cell("level") === "" ? levelUnlessSaid : Number(cell("level")),
    };
    const found = faultOf(plan, person);
    if (found !== undefined) {
      const problem: Problem = {
        row: row.row,
        field: found.field,
        text: cell(found.field).slice(0, 200),
        ...found.fault,
      };
      batch.refused.push({ row, problems: [problem] });
      continue;
    }
    const name = freeName(plan.taken, person.fullName);
    plan.taken.signIn.add(name);
    plan.taken.full.add(person.fullName.toLowerCase());
    batch.taken.push({ ...person, name });
  }
  return batch;
}

function faultOf(
  { actor, target, territories, groups, keptGroups, levels, taken }: UserPlan,
  person: Person,
): { field: string; fault: Fault } | undefined {
  const wrong = (field: string, reason: Reason) => ({ field, fault: fault(reason, actor.language) });
  if (person.fullName === "") return wrong("fullName", "required");
  for (const field of target.fields)
    if ("lengthMax" in field && String(person[field.name as keyof Person]).length > field.lengthMax)
      return wrong(field.name, "too_long");
  if (/\p{Cc}/u.test(person.fullName + person.group + person.territory)) return wrong("fullName", "not_text");
  if (!levels.has(person.level)) return wrong("level", "not_a_choice");
  const group = groups.get(person.group.toLowerCase());
  if (group !== undefined && !keptGroups.has(group)) return wrong("group", "beyond_own_rights");
  if (taken.full.has(person.fullName.toLowerCase())) return wrong("fullName", "exists");
  try {
    // A territory that is yet to be made is within nobody's but those who are free of territories.
    mustHold(actor, {
      level: person.level,
      territories: person.territory === "" ? [] : [territories.get(person.territory.toLowerCase()) ?? -1],
    });
  } catch (error) {
    if (error instanceof Refusal)
      return wrong(error.details.field === "level" ? "level" : "territory", "beyond_own_rights");
    throw error;
  }
  return undefined;
}

async function addUsers(plan: UserPlan, people: readonly Person[], into: NonNullable<Into>): Promise<void> {
  const place = async (
    places: Places,
    name: string,
    make: (name: string) => Promise<{ id: number }>,
    made: "territory" | "group",
  ) => {
    if (name === "") return null;
    const id = places.get(name.toLowerCase()) ?? (await make(name)).id;
    if (!places.has(name.toLowerCase())) {
      into.audit({ action: `${made}.create`, module: made, detail: { [made]: id, name } });
      // Made by himself, so nobody beyond his reach is in it.
      if (made === "group") plan.keptGroups.add(id);
    }
    places.set(name.toLowerCase(), id);
    return id;
  };
  const users: NewUser[] = [];
  for (const { name, fullName, level, territory, group } of people)
    users.push({
      name,
      fullName,
      level,
      territory: await place(
        plan.territories,
        territory,
        (wanted) => insertTerritory(into.db, wanted, null),
        "territory",
      ),
      group: await place(plan.groups, group, (wanted) => insertGroup(into.db, wanted), "group"),
    });
  const ids = await insertUsers(into.db, users, plan.actor.language);
  into.created.push(...ids);
  for (const [index, { level, territory, group }] of users.entries())
    into.audit({
      action: "user.import",
      module: "user",
      detail: {
        user: ids[index],
        level,
        territories: territory === null ? [] : [territory],
        groups: group === null ? [] : [group],
      },
    });
}

const letters: Readonly<Record<string, string>> = {
  æ: "ae",
  ø: "oe",
  å: "aa",
  ß: "ss",
  ä: "ae",
  ö: "oe",
  ü: "ue",
  đ: "d",
  ł: "l",
};

/** "Anna Snelling" → "anna.snelling"; a second one becomes "anna.snelling.2". */
export function freeName({ signIn }: Pick<TakenNames, "signIn">, fullName: string): string {
  const plain = fullName
    .toLowerCase()
    .replace(/[æøåßäöüđł]/g, (letter) => letters[letter] ?? "")
    .normalize("NFD")
    .replace(/\p{M}/gu, "");
  const base =
    plain
      .replace(/[^a-z0-9]+/g, ".")
      .replace(/^\.|\.$/g, "")
      .slice(0, 180) || "user";
  let name = base;
  for (let count = 2; signIn.has(name); count += 1) name = `${base}.${count}`;
  return name;
}
