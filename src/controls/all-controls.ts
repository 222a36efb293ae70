import { addressesLogged } from "./addresses-logged.ts";
import { behaviourLogged } from "./behaviour-logged.ts";
import { blockedAfterFourth } from "./blocked-after-fourth.ts";
import type { Control } from "./control.ts";
import { databasePerTenant } from "./database-per-tenant.ts";
import { randomDatabaseName } from "./random-database-name.ts";
import { restrictedByResponsible } from "./restricted-by-responsible.ts";
import { restrictedByTerritory } from "./restricted-by-territory.ts";

/** Every control, in the order of the papers. */
export const allControls: readonly Control[] = [
  restrictedByTerritory,
  restrictedByResponsible,
  addressesLogged,
  databasePerTenant,
  randomDatabaseName,
  blockedAfterFourth,
  behaviourLogged,
];
