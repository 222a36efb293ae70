import fc from "fast-check";
import {
  oracleModules,
  oracleScopes,
  oracleVerbs,
  type OracleModule,
  type OracleRights,
  type World,
  type WorldLevel,
  type WorldRecord,
} from "#controls/oracle/index.ts";

/** Steps in which a world reaches its final state from another one; everything derived must follow each. */
export const steps = [
  "territories",
  "homes",
  "users",
  "memberships",
  "setting",
  "organisations",
  "followers",
] as const;

export type RandomRecord = WorldRecord & {
  binned: boolean;
  name: string;
  /** Where it hung and whose it was before. */
  before: Pick<WorldRecord, "responsible" | "secondResponsible" | "territory" | "organisation" | "person">;
};
export type RandomLevel = WorldLevel & { bin: boolean };
export type RandomWorld = Omit<World, "records" | "levels"> & {
  levels: RandomLevel[];
  records: RandomRecord[];
  order: (typeof steps)[number][];
  /** Chooses what is attempted. */
  dice: number;
};

const nothingOr = (arbitrary: fc.Arbitrary<number>) => fc.option(arbitrary, { freq: 2 });
const pick = fc.nat({ max: 999 });
type DrawnPlace = { [key in keyof RandomRecord["before"]]: number | null };
const place: fc.Arbitrary<DrawnPlace> = fc.record({
  responsible: nothingOr(pick),
  secondResponsible: nothingOr(pick),
  territory: fc.option(pick, { freq: 1 }),
  organisation: nothingOr(pick),
  person: nothingOr(pick),
});
const aRecord = fc.record({ now: place, before: place, binned: fc.nat({ max: 11 }) });
const scope = fc.constantFrom(...oracleScopes);
const rights: fc.Arbitrary<OracleRights> = forEach(oracleModules, forEach(oracleVerbs, scope));

function forEach<Key extends string, Value>(
  keys: readonly Key[],
  value: fc.Arbitrary<Value>,
): fc.Arbitrary<Record<Key, Value>> {
  const entries = keys.map((key) => [key, value]);
  return fc.record(Object.fromEntries(entries)) as unknown as fc.Arbitrary<Record<Key, Value>>;
}

const drawn = (size: Size) =>
  fc.record({
    parents: fc.array(pick, { minLength: 1, maxLength: 7, size: "max" }),
    groups: fc.nat({ max: 3 }),
    levels: fc.array(fc.record({ rights, bin: fc.boolean() }), { minLength: 1, maxLength: 4, size: "max" }),
    users: fc.array(
      fc.record({
        level: pick,
        territories: fc.oneof(fc.constant<number[]>([]), fc.array(pick, { minLength: 1, maxLength: 3 })),
        groups: fc.array(pick, { maxLength: 2 }),
        home: nothingOr(pick),
      }),
      { minLength: 3, maxLength: size.users, size: "max" },
    ),
    records: forEach(
      oracleModules,
      fc.array(aRecord, { minLength: size.records / 4, maxLength: size.records, size: "max" }),
    ),
    hideUnplaced: fc.boolean(),
    order: fc.shuffledSubarray([...steps], { minLength: steps.length }),
    dice: fc.nat(),
  });
type Drawn = ReturnType<typeof drawn> extends fc.Arbitrary<infer Value> ? Value : never;

/** The most users, and records of each module, that a world has. */
export type Size = { users: number; records: number };

/** Worlds with these levels and some of their own; users, trees, groups and records all random. */
export const randomWorld = (shipped: readonly RandomLevel[], size: Size): fc.Arbitrary<RandomWorld> =>
  drawn(size).map((one) => worldOf(one, shipped));

const firstUser = 2;
const uuid = (module: OracleModule, index: number) =>
  `00000000-0000-4000-8${oracleModules.indexOf(module)}00-${String(index).padStart(12, "0")}`;

function worldOf(one: Drawn, shipped: readonly RandomLevel[]): RandomWorld {
  const levels = [...shipped, ...one.levels.map((level, index) => ({ number: 30 + index, ...level }))];
  const counts = Object.fromEntries(oracleModules.map((module) => [module, one.records[module].length]));
  const territory = (choice: number) => 1 + (choice % one.parents.length);
  const user = (choice: number) => firstUser + (choice % one.users.length);
  const mapped = <T>(choice: number | null, map: (choice: number) => T) =>
    choice === null ? null : map(choice);
  const oneOf = (module: OracleModule, choice: number) => uuid(module, choice % (counts[module] ?? 1));
  const placed = (module: OracleModule, from: DrawnPlace) => ({
    responsible: mapped(from.responsible, user),
    secondResponsible: mapped(from.secondResponsible, user),
    territory: mapped(from.territory, territory),
    organisation:
      module === "person"
        ? oneOf("organisation", from.organisation ?? 0)
        : ["opportunity", "activity"].includes(module)
          ? mapped(from.organisation, (choice) => oneOf("organisation", choice))
          : null,
    person: ["opportunity", "activity"].includes(module)
      ? mapped(from.person, (choice) => oneOf("person", choice))
      : null,
  });
  return {
    // A parent has a lower number, so that the tree is a tree; the first of all stands at the top.
    territories: one.parents.map((choice, index) => ({
      id: index + 1,
      parent: choice % (index + 1) || null,
    })),
    levels,
    users: one.users.map((each, index) => ({
      id: firstUser + index,
      level: levels[each.level % levels.length]?.number ?? 1,
      territories: [...new Set(each.territories.map(territory))],
      groups: one.groups === 0 ? [] : [...new Set(each.groups.map((choice) => 1 + (choice % one.groups)))],
      homeTerritory: mapped(each.home, territory),
    })),
    records: oracleModules.flatMap((module) =>
      one.records[module].map((record, index) => ({
        module,
        id: uuid(module, index),
        name: `zq${oracleModules.indexOf(module)}x${index}`,
        ...placed(module, record.now),
        before: placed(module, record.before),
        binned: record.binned === 11,
      })),
    ),
    hideUnplaced: one.hideUnplaced,
    order: one.order,
    dice: one.dice,
  };
}
