import { fileBackups } from "../files/file-backups.ts";
import type { FileStore } from "../files/file-store.ts";
import { startFileShipping } from "../files/ship-files.ts";
import { recoverTo, scratchSettings } from "../restore/recover-to.ts";
import { unlessAway } from "./backup-error.ts";
import type { Backups } from "./backups.ts";
import { makeBaseBackup } from "./base-backup.ts";
import { readCatalog } from "./catalog.ts";
import { knownDamage, noteTried } from "./damage.ts";
import { checkBackups, purgeBackups } from "./daily.ts";
import { startCopying } from "./keep-copy.ts";
import { stampedAt, type Keyring } from "./keyring.ts";
import type { BackupLocation } from "./location.ts";
import { openGap } from "./open-gap.ts";
import { startShipper } from "./ship-wal.ts";
import { backupStatus } from "./status.ts";
import { shipEverything } from "./wait-for-segment.ts";
import { holdsUpTo, windowOf } from "./window.ts";
import { withCopy } from "./with-copy.ts";

/** The built-in backups of the embedded server: where they lie, what opens them, how long they are kept. */
export type BuiltIn = {
  /** The data folder. */
  directory: string;
  location: BackupLocation;
  /** The second location, with everything that is in the first. */
  copy?: BackupLocation;
  keyring: Keyring;
  /** False when a single broken disk takes data and backups: every status says so. */
  separate: boolean;
  keepDays: number;
  /** Uploaded files, which are brought to the same moment. */
  stores: readonly FileStore[];
  /** Set when the keys were made just now: where the sheet to be locked away lies. */
  newSheet?: string;
};

export type BuiltInBackups = BuiltIn & Backups;

export function builtInBackups(builtIn: BuiltIn): BuiltInBackups {
  const { directory, location, copy, keyring } = builtIn;
  const files = fileBackups(builtIn, withCopy(location, copy));
  const catalogNow = () => readCatalog(withCopy(location, copy), keyring);
  return {
    ...builtIn,
    files,
    async window() {
      await mustBeOurs(builtIn);
      return windowOf(await catalogNow());
    },
    async archiveAll(connection, signal) {
      await shipEverything(location, connection, signal);
      await files.ship();
    },
    async archiveUpTo(target, connection, signal) {
      const catalog = await catalogNow();
      // Where log is missing, more of it at the end brings nothing back.
      const isShipped = holdsUpTo(catalog, target, new Date());
      if (!isShipped && windowOf(catalog).latest !== undefined)
        await shipEverything(location, connection, signal);
    },
    async recover({ database, ...wanted }) {
      await mustBeOurs(builtIn);
      const source = { location: withCopy(location, copy), keyring };
      const server = await recoverTo({
        ...wanted,
        source,
        catalog: await readCatalog(source.location, keyring),
        // Not in the base backup when it was made later: then the log makes it.
        wanted: (each) => each === database,
        tried: (label, reason) => noteTried(builtIn, label, reason),
        standsBack: true,
        settings: scratchSettings,
      });
      // Where the copy helped, the file is damaged all the same.
      for (const { name, reason } of server.turned) {
        const [folder, label = ""] = name.split("/");
        if (folder === "base") await noteTried(builtIn, label, reason);
      }
      return server;
    },
    async newest() {
      const { damaged, repaired } = await knownDamage(builtIn);
      const catalog = await readCatalog(location, keyring);
      // One that does not open, or lacks log of its own, is as good as none: another is made in its place.
      const base = catalog.bases.findLast(({ label, reach }) => reach !== undefined && !damaged[label]);
      const gap = await openGap(directory, catalog);
      return {
        full: base === undefined ? undefined : new Date(stampedAt(base.label)),
        ...(gap === undefined ? {} : { gapSince: gap.from }),
        some: base !== undefined,
        ...(repaired.length === 0 ? {} : { repaired: true }),
      };
    },
    async makeFull(connection, now, signal) {
      const { label, parts, stoppedAt } = await makeBaseBackup(builtIn, connection, now, signal);
      const storedBytes = parts.reduce((sum, part) => sum + part.storedBytes, 0);
      return { label, storedBytes, from: stoppedAt };
    },
    check: (_, now) => checkBackups(builtIn, now),
    purge: (now) => purgeBackups(builtIn, now),
    status: (now) => backupStatus(builtIn, now),
    startShipping(log) {
      const copier = copy === undefined ? undefined : startCopying({ location, copy, keyring }, log);
      const shipper = startShipper({ ...builtIn, location: copier?.location ?? location }, log);
      const others = [startFileShipping(builtIn, log), ...(copier === undefined ? [] : [copier])];
      return {
        async stop() {
          // The last of the log is on its way to the copy when it is shipped.
          await shipper.stop();
          await Promise.all(others.map((each) => each.stop()));
        },
      };
    },
  };
}

/** What is to be read may be another server's by now. Where the first location is away the copy is read. */
async function mustBeOurs({ location, copy }: BuiltIn): Promise<void> {
  const mustHold = async () => location.mustHold?.();
  await (copy === undefined ? mustHold() : unlessAway(mustHold));
}
