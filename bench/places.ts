import { fraction, mixed } from "./seeded.ts";

const regions = 10;
/** Leaf territories, where records are; 10 regions of 10 districts of 10 territories. */
export const leafCount = 1000;
const firstLeaf = 1 + regions + regions * 10;

/** The tree as rows: id, name, id of the territory above. */
export function territoryRows(): { id: number; name: string; parent: number | null }[] {
  const all = Array.from({ length: regions }, (_, region) => ({
    id: region + 1,
    name: `Region ${region + 1}`,
    parent: null as number | null,
  }));
  for (let district = 0; district < regions * 10; district++) {
    all.push({
      id: regions + district + 1,
      name: `District ${district + 1}`,
      parent: Math.floor(district / 10) + 1,
    });
  }
  for (let leaf = 0; leaf < leafCount; leaf++) {
    all.push({
      id: firstLeaf + leaf,
      name: `Territory ${leaf + 1}`,
      parent: regions + Math.floor(leaf / 10) + 1,
    });
  }
  return all;
}

export const userCount = 200;
export const administratorId = 1;
export const territoryUserId = 2;
export const ownUserId = 3;

/** The ten leaves the measured territory user is limited to, spread over the tree. */
const tenLeaves = Array.from({ length: 10 }, (_, index) => firstLeaf + index * 100 + 7);

export type UserRow = {
  id: number;
  name: string;
  level: number;
  home: number;
  territories: number[];
  group: number;
};

/** 200 users: the three that are measured, and colleagues of every level around them. */
export function userRows(): UserRow[] {
  return Array.from({ length: userCount }, (_, index) => {
    const id = index + 1;
    const home = firstLeaf + (mixed(id, 11) % leafCount);
    const level = [61, 61, 61, 61, 61, 61, 59, 59, 65, 70][index % 10] ?? 61;
    const district = regions + Math.floor((home - firstLeaf) / 10) + 1;
    const row = {
      id,
      name: `user.${id}`,
      level,
      home,
      territories: level === 61 ? [district] : [],
      group: (index % 20) + 1,
    };
    if (id === administratorId) return { ...row, name: "administrator", level: 99, territories: [] };
    if (id === territoryUserId)
      return {
        ...row,
        name: "territory",
        level: 70,
        territories: tenLeaves,
        home: tenLeaves[0] ?? firstLeaf,
      };
    if (id === ownUserId) return { ...row, name: "own", level: 59, territories: [] };
    return row;
  });
}

export const groupCount = 20;

export const leafOf = (organisation: number): number => firstLeaf + (mixed(organisation, 1) % leafCount);
export const responsibleOf = (organisation: number): number => 1 + (mixed(organisation, 2) % userCount);
/** A tenth of all organisations have a second responsible; null stands for none. */
export const secondOf = (organisation: number): number | null =>
  fraction(organisation, 3) < 0.1 ? 1 + (mixed(organisation, 4) % userCount) : null;
