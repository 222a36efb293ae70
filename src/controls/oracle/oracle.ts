import type { OracleScope, OracleVerb, World, WorldRecord, WorldUser } from "./world.ts";

/**
 * Says who may do what by walking over rows, slowly. It is written from the words of the design alone and shares
 * nothing with `access/`: the two can only agree by both being right.
 */
export function mayByTheWords(world: World, user: WorldUser, verb: OracleVerb, record: WorldRecord): boolean {
  const allowed = withinTerritories(world, user, record) && withinScope(world, user, verb, record);
  // Whatever is done to a record is done to one that the user sees; who adds one is shown it.
  return verb === "view" ? allowed : allowed && mayByTheWords(world, user, "view", record);
}

/**
 * "What changes is judged, on the record as it was and as it will be": whose it is or where is a reassignment, the bin
 * a deletion, all else an edit. Nobody puts a record where he does not see it.
 */
export function mayWriteByTheWords(
  world: World,
  user: WorldUser,
  before: WorldRecord,
  after: WorldRecord,
  beside: { edited: boolean; deleted: boolean },
): boolean {
  const moved = JSON.stringify(standingOf(world, before)) !== JSON.stringify(standingOf(world, after));
  const verbs: OracleVerb[] = [];
  if (moved) verbs.push("reassign");
  if (beside.deleted) verbs.push("delete");
  if (beside.edited || verbs.length === 0) verbs.push("edit");
  return (
    verbs.every((verb) => mayByTheWords(world, user, verb, before)) &&
    (!moved || mayByTheWords(world, user, "view", after))
  );
}

/**
 * "A home places records too": who moves it reaches both homes, and reassigns every record that stands there. Who is
 * limited administers only users who are limited to his own.
 */
export function mayMoveHomeByTheWords(
  world: World,
  user: WorldUser,
  whose: WorldUser,
  home: number | null,
): boolean {
  const users = world.users.map((each) => (each === whose ? { ...whose, homeTerritory: home } : each));
  const then = { ...world, users };
  const homes = [whose.homeTerritory, home].filter((each) => each !== null);
  return (
    homes.every((each) => reaches(world, user, each)) &&
    world.records
      .filter((record) => territoryOf(world, record) !== territoryOf(then, record))
      .every(
        (record) =>
          mayByTheWords(world, user, "reassign", record) && mayByTheWords(then, user, "view", record),
      )
  );
}

/** Whose a record is and where, and whether somebody said where. */
function standingOf(world: World, record: WorldRecord): unknown {
  const followed = record.module === "person" ? recordOf(world, record.organisation) : record;
  const isSet = record.module !== "person" && record.territory !== null;
  return [followed.responsible, followed.secondResponsible, territoryOf(world, record), isSet];
}

/** "Its territory is within the user's territories, descendants included; without restriction he sees all." */
function withinTerritories(world: World, user: WorldUser, record: WorldRecord): boolean {
  const territory = territoryOf(world, record);
  if (user.territories.length === 0) return true;
  if (territory === null) return !world.hideUnplaced;
  return reaches(world, user, territory);
}

export function reaches(world: World, user: WorldUser, territory: number): boolean {
  if (user.territories.length === 0) return true;
  return selfAndAbove(world, territory).some((each) => user.territories.includes(each));
}

/** "None, own (responsible or second responsible), group (a responsible is in one of my groups), all." */
function withinScope(world: World, user: WorldUser, verb: OracleVerb, record: WorldRecord): boolean {
  const owners = ownersOf(world, record);
  const own = owners.includes(user.id);
  const verdicts: Record<OracleScope, boolean> = {
    none: false,
    own,
    // A wider scope never takes away what a narrower one gives: who is in no group keeps his own records.
    group: own || owners.some((owner) => shareAGroup(user, userOf(world, owner))),
    all: true,
  };
  const level = world.levels.find(({ number }) => number === user.level);
  return verdicts[level?.rights[record.module][verb] ?? "none"];
}

function shareAGroup(one: WorldUser, other: WorldUser): boolean {
  return one.groups.some((group) => other.groups.includes(group));
}

/** "Persons follow their organisation. Every other record has a responsible of its own." */
function ownersOf(world: World, record: WorldRecord): number[] {
  const owned = record.module === "person" ? recordOf(world, record.organisation) : record;
  return [owned.responsible, owned.secondResponsible].filter((owner) => owner !== null);
}

/** "Unless somebody sets it, the territory is its organisation's, else its responsible's home territory." */
export function territoryOf(world: World, record: WorldRecord): number | null {
  if (record.module === "person") return territoryOf(world, recordOf(world, record.organisation));
  const ofOrganisation = () => {
    const organisation = organisationAbove(world, record);
    return organisation === null ? null : territoryOf(world, organisation);
  };
  const ofHome = () => (record.responsible === null ? null : userOf(world, record.responsible).homeTerritory);
  return record.territory ?? ofOrganisation() ?? ofHome();
}

/** The organisation a record names, else that of the person above it. */
function organisationAbove(world: World, record: WorldRecord): WorldRecord | null {
  if (record.organisation !== null) return recordOf(world, record.organisation);
  return record.person === null ? null : organisationAbove(world, recordOf(world, record.person));
}

function selfAndAbove(world: World, territory: number): number[] {
  const parent = world.territories.find(({ id }) => id === territory)?.parent ?? null;
  return parent === null ? [territory] : [territory, ...selfAndAbove(world, parent)];
}

function recordOf(world: World, id: string | null): WorldRecord {
  const found = world.records.find((record) => record.id === id);
  if (found === undefined) throw new Error(`The world has no record ${id}`);
  return found;
}

function userOf(world: World, id: number): WorldUser {
  const found = world.users.find((user) => user.id === id);
  if (found === undefined) throw new Error(`The world has no user ${id}`);
  return found;
}
