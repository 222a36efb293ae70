import { addressesLogged } from "./addresses-logged.ts";
import { behaviourLogged } from "./behaviour-logged.ts";
import { blockedAfterFourth } from "./blocked-after-fourth.ts";
import { backupDaily, fullBackupDaily } from "./base-backup-daily.ts";
import type { Control } from "./control.ts";
import { databasePerTenant } from "./database-per-tenant.ts";
import { everySecondReachable } from "./every-second-reachable.ts";
import { logShipped } from "./log-shipped.ts";
import { randomDatabaseName } from "./random-database-name.ts";
import { restrictedByResponsible } from "./restricted-by-responsible.ts";
import { restrictedByTerritory } from "./restricted-by-territory.ts";
import { roomLeft } from "./room-left.ts";
import { separateLocation } from "./separate-location.ts";
import { tenantRestorable } from "./tenant-restorable.ts";

/** Every control, in the order of the papers. */
export const allControls: readonly Control[] = [
  restrictedByTerritory,
  restrictedByResponsible,
  addressesLogged,
  databasePerTenant,
  randomDatabaseName,
  blockedAfterFourth,
  logShipped,
  fullBackupDaily,
  separateLocation,
  tenantRestorable,
  backupDaily,
  everySecondReachable,
  behaviourLogged,
  roomLeft,
];

const drilling = [tenantRestorable, everySecondReachable];

/**
 * The order in which they are broken on purpose. Those that restore a random second go first: at one at which the
 * canary's policies were broken, its database is rightly found to be another than the migrations make.
 */
export const breakingOrder: readonly Control[] = [
  ...drilling,
  ...allControls.filter((each) => !drilling.includes(each)),
];
