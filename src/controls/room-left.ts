import { connectionsOf, isFullSoon } from "#hosting/index.ts";
import { control, fault, minutes } from "./control.ts";
import { judgeBackups, problemsSeen } from "./backup-standing.ts";
import { fillBackupDisk } from "./backup-faults.ts";
import { takeConnections } from "./server-fault.store.ts";

const waitingSecondsMax = 120;
/** Beyond it a busy minute may find none free. */
const connectionsShareMax = 0.8;

export const roomLeft = control({
  id: "X-07",
  version: 1,
  statement: {
    en: "There is room: on the disks of data and backups, for connections, and for the log.",
    da: "Der er plads: på diskene med data og backup, til forbindelser og til loggen.",
  },
  source: { paper: "strongroom", section: "about the controls themselves" },
  every: minutes(1),
  expected:
    "neither disk will be full within a day as it has been filling, at most four fifths of the connections are taken, and no log waits longer than two minutes",
  check: ({ system }) =>
    judgeBackups(system, async ({ status, now }) => {
      const { rooms, shipping } = status;
      const connections = await connectionsOf(system.tenancy);
      const waitingSince = shipping.waitingSince;
      const logWaitsSeconds =
        waitingSince === undefined ? 0 : Math.round((now.getTime() - Date.parse(waitingSince)) / 1_000);
      const observed = {
        dataFreeBytes: rooms?.data.freeBytes ?? -1,
        dataFullInHours: hours(rooms?.data.fullInHours),
        backupFreeBytes: rooms?.backups?.freeBytes ?? (rooms === undefined ? -1 : "not told by the storage"),
        backupFullInHours: hours(rooms?.backups?.fullInHours),
        connectionsUsed: connections.used,
        connectionsMax: connections.max,
        logWaitsBytes: shipping.waitingBytes,
        logWaitsSeconds,
        problems: problemsSeen(status),
      };
      const disks = rooms !== undefined && !isFullSoon(rooms.data) && !isFullSoon(rooms.backups);
      const free = connections.used <= connections.max * connectionsShareMax;
      return { holds: disks && free && logWaitsSeconds <= waitingSecondsMax, observed };
    }),
  faults: [
    fault("the backup disk has been filling fast", fillBackupDisk),
    fault("nearly all connections are taken", takeConnections),
  ],
});

const hours = (count: number | undefined): number | string =>
  count === undefined ? "not filling" : Math.floor(count);
