import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  openBuiltIn,
  readCatalog,
  roomNotes,
  shipEverything,
  stopArchiving,
  type BackupStatus,
} from "#hosting/index.ts";
import type { System, Throwaway } from "./system.ts";

type Mend = () => Promise<unknown>;

const aside = ".aside";

/** The folder of the backups is gone, as an unmounted disk's is. */
export async function loseLocation(system: Throwaway): Promise<Mend> {
  const { location } = await backupsOf(system);
  await rename(location.name, location.name + aside);
  return async () => {
    await rename(location.name + aside, location.name);
    await shipEverything(location, system.connection);
    await untilStatus(system, ({ shipping }) => shipping.failure === undefined);
  };
}

/** The program runs on without its backups, which nothing but the host's own word ends. */
export async function stopSchedule(system: Throwaway): Promise<Mend> {
  const { directory } = await backupsOf(system);
  await stopArchiving(directory, new Date());
  await system.restart({ STRONGROOM_BACKUP: "" });
  return async () => {
    await system.restart({});
    await untilStatus(system, ({ schedule }) => schedule.runs);
  };
}

/** The folder of the backups is now a link to one beside the data, with everything in it. */
export async function moveBesideData(system: Throwaway): Promise<Mend> {
  const backups = await backupsOf(system);
  if (!(await statusOf(system)).separate)
    throw new Error(
      "this machine has no second disk with room for the backups, so nothing can be taken from it",
    );
  const { name: folder } = backups.location;
  const beside = await mkdtemp(join(dirname(backups.directory), "strongroom-beside-"));
  await rename(folder, folder + aside);
  await cp(folder + aside, beside, { recursive: true });
  await symlink(beside, folder);
  return async () => {
    await rm(folder);
    // What was shipped meanwhile is here alone.
    await cp(beside, folder + aside, { recursive: true, force: false });
    await rename(folder + aside, folder);
    await rm(beside, { recursive: true });
  };
}

/** The folder of the copy is now a link to the first location: every file seems to be there twice. */
export async function pointCopyAtFirst(system: Throwaway): Promise<Mend> {
  const { location, copy } = await backupsOf(system);
  if (copy === undefined) throw new Error("the backups have no second location");
  if (!(await statusOf(system)).copy?.separate)
    throw new Error(
      "this machine has no second disk with room for the backups, so their copy lies beside them",
    );
  await rename(copy.name, copy.name + aside);
  await symlink(location.name, copy.name);
  return async () => {
    await rm(copy.name);
    await rename(copy.name + aside, copy.name);
  };
}

/** One bit in the middle of what every restore needs. */
export async function damageBase(system: Throwaway): Promise<Mend> {
  const path = await serverPart(system);
  const sound = await readFile(path);
  const damaged = Buffer.from(sound);
  const middle = Math.floor(damaged.length / 2);
  damaged[middle] = (damaged[middle] ?? 0) ^ 1;
  await writeFile(path, damaged);
  return () => writeFile(path, sound);
}

export async function loseBaseFile(system: Throwaway): Promise<Mend> {
  const path = await serverPart(system);
  await rename(path, path + aside);
  return () => rename(path + aside, path);
}

/** A file of the log that others already follow. */
export async function removeLogFile(system: Throwaway): Promise<Mend> {
  const { location, keyring } = await backupsOf(system);
  const name = await shipEverything(location, system.connection);
  await shipEverything(location, system.connection);
  const { segments } = await readCatalog(location, keyring);
  const path = join(location.name, segments.find((segment) => segment.name === name)?.path ?? name);
  const elsewhere = location.name + aside;
  await rename(path, elsewhere);
  return () => rename(elsewhere, path);
}

async function serverPart(system: System): Promise<string> {
  const { location } = await backupsOf(system);
  const label = (await statusOf(system)).bases.at(-1)?.label ?? "";
  return join(location.name, "base", label, "server.tar.zst");
}

async function backupsOf(system: System) {
  const { directory } = (await system.backups()) ?? {};
  const backups = directory === undefined ? undefined : await openBuiltIn(directory, {}, new Date());
  if (backups === undefined) throw new Error("there are no backups to be broken");
  return backups;
}

const statusOf = async (system: System): Promise<BackupStatus> =>
  await (await backupsOf(system)).status(new Date());

const secondsMax = 30;

export async function untilStatus(system: System, is: (status: BackupStatus) => boolean): Promise<void> {
  for (let waited = 0; waited < secondsMax; waited += 0.1) {
    if (is(await statusOf(system))) return;
    await delay(100);
  }
  throw new Error(`the backups are not as they were after ${secondsMax} seconds`);
}

/** An hour ago the backup disk had more than twice as much room. */
export async function fillBackupDisk(system: Throwaway): Promise<Mend> {
  const { directory } = await backupsOf(system);
  const { rooms } = await statusOf(system);
  const looks = (await roomNotes.read(directory)) ?? [];
  const at = new Date(Date.now() - 3_600_000).toISOString();
  const free = { data: rooms?.data.freeBytes ?? 0, backups: (rooms?.backups?.freeBytes ?? 0) * 2.5 };
  await roomNotes.keep(directory, [{ at, ...free }]);
  return () => roomNotes.keep(directory, looks);
}
