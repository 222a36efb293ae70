import { randomUUID } from "node:crypto";
import type { OracleModule } from "#controls/oracle/index.ts";
import { steps, type RandomRecord, type RandomWorld } from "./random-world.ts";
import { levels } from "./stage.ts";

const [west, east] = [1, 2];
const [managerInWest, salesperson, colleague] = [2, 3, 4];

/** Two regions, a manager limited to one of them, a salesperson who sees his own, and something of everything. */
export function aSmallWorld(): RandomWorld {
  const inWest = record("organisation", 0, { responsible: colleague, territory: west });
  const inEast = record("organisation", 1, {
    responsible: colleague,
    secondResponsible: salesperson,
    territory: east,
  });
  return {
    territories: [west, east].map((id) => ({ id, parent: null })),
    levels,
    users: [
      { id: managerInWest, level: 70, territories: [west], groups: [], homeTerritory: west },
      { id: salesperson, level: 59, territories: [], groups: [1], homeTerritory: east },
      { id: colleague, level: 65, territories: [], groups: [1], homeTerritory: null },
    ],
    records: [
      inWest,
      inEast,
      record("person", 0, { organisation: inWest.id }),
      record("person", 1, { organisation: inEast.id }),
      record("product", 0, {}),
      record("opportunity", 0, { responsible: salesperson, organisation: inWest.id }),
      record("opportunity", 1, { responsible: salesperson, organisation: inEast.id }),
      record("activity", 0, { responsible: salesperson }),
      record("activity", 1, { secondResponsible: salesperson, territory: west }),
      record("activity", 2, { responsible: colleague, territory: west }),
    ],
    hideUnplaced: false,
    order: [...steps],
    dice: 1,
  };
}

function record(module: OracleModule, index: number, set: Partial<RandomRecord>): RandomRecord {
  const nowhere = {
    responsible: null,
    secondResponsible: null,
    territory: null,
    organisation: null,
    person: null,
  };
  const now = { ...nowhere, ...set };
  return {
    module,
    id: randomUUID(),
    name: `zq0x${index}`,
    ...now,
    before: { ...nowhere, organisation: now.organisation },
    binned: false,
  };
}
