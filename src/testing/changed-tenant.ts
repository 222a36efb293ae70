import { byHand, type Stored } from "./by-hand.ts";
import { now, openAt, type MomentHost } from "./moments.ts";

export type ChangedTenant = {
  /** The records as they were at the moment, by name. */
  before: Record<string, Stored>;
  places: { east: number; west: number };
  moment: string;
};

/** A tenant in which something of every kind has happened since a moment that is open beside it. */
export async function changeTenant(all: MomentHost): Promise<ChangedTenant> {
  const hand = byHand(all.admin);
  const before: Record<string, Stored> = {};
  const territory = async (name: string) => Number((await hand.add("territories", { name })).id);
  const places = { east: await territory("East"), west: await territory("West") };
  const organisation = async (as: string, fields: object = {}) =>
    (before[as] = await hand.add("organisations", { name: as, territory: places.east, ...fields }));
  await organisation("Changed", { notes: "Then", city: "Aarhus" });
  await organisation("Deleted", { notes: "Deep" });
  await organisation("Below", { parent: before["Deleted"]!.id });
  await organisation("Western", { territory: places.west, notes: "Then" });
  await organisation("Moved west");
  await organisation("Erased");
  await organisation("Same");
  before["Person"] = await hand.add("persons", { lastName: "Person", organisation: before["Deleted"]!.id });
  before["Deal"] = await hand.add("opportunities", {
    name: "Deal",
    stage: "engaging",
    value: 100.5,
    organisation: before["Deleted"]!.id,
    person: before["Person"]!.id,
  });
  const at = await now();
  await hand.change("organisations", before["Changed"]!.id, { notes: "Now", city: null });
  await hand.change("organisations", before["Western"]!.id, { notes: "Now" });
  await hand.change("organisations", before["Same"]!.id, { notes: "x" });
  await hand.change("organisations", before["Same"]!.id, { notes: null });
  await hand.change("opportunities", before["Deal"]!.id, { value: 1 });
  for (const [path, name] of [
    ["opportunities", "Deal"],
    ["persons", "Person"],
    ["organisations", "Below"],
    ["organisations", "Deleted"],
    ["organisations", "Erased"],
  ] as const)
    await hand.remove(path, before[name]!.id);
  await hand.erase("organisations", before["Erased"]!.id);
  await hand.reassign("organisations", before["Moved west"]!.id, { territory: places.west });
  await hand.add("organisations", { name: "New", territory: places.east });
  return { before, places, moment: await openAt(all, at) };
}
