import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { System, Throwaway } from "#controls/index.ts";
import { openLog } from "#platform/log/index.ts";
import { dataDirectory, joinServer, SetupError } from "#platform/postgres/index.ts";
import { openBackups } from "#hosting/index.ts";
import { openTenancy } from "#platform/tenancy/index.ts";
import { findInstance } from "../running-instance.ts";
import { backupPlaces, firstBackup } from "./backup-place.ts";
import { answers, startInstance } from "./instance.ts";

export type Opened<S extends System> = { system: S; close: () => Promise<void> };

/**
 * The running system: the one that serves the data folder, wherever it listens, else one started for as long as this
 * lasts, on the folder STRONGROOM_DATA names or on a temporary one. Throws SetupError when it runs and does not answer.
 */
export async function openRunningSystem(): Promise<Opened<System>> {
  const { address, silent } = await findInstance(dataDirectory());
  if (address !== undefined) return await joined(address, dataDirectory());
  if (silent !== undefined)
    throw new SetupError(`Strongroom runs on ${dataDirectory()} (process ${silent}) and does not answer.`);
  if (process.env["STRONGROOM_DATA"] === undefined) return await openThrowaway();
  const instance = await startInstance(dataDirectory());
  const { system, close } = await joined(instance.address, dataDirectory()).catch(async (error: unknown) => {
    await instance.stop();
    throw error;
  });
  return { system, close: () => close().then(instance.stop) };
}

/** A system in a temporary folder that may be broken and is gone afterwards. */
export async function openThrowaway(): Promise<Opened<Throwaway> & { directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "strongroom-controls-"));
  // A server of the host's own is nothing to be broken.
  delete process.env["DATABASE_URL"];
  const { folders, settings } = await backupPlaces(directory);
  const gone = async () => {
    await rm(directory, { recursive: true, force: true });
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  };
  try {
    const instance = await startInstance(directory, settings);
    const { system, close } = await joined(instance.address, directory);
    const stop = () => close().then(instance.stop).then(gone);
    await firstBackup(system).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { directory, system: { ...system, restart: instance.restart }, close: stop };
  } catch (error) {
    await gone();
    throw error;
  }
}

async function joined(address: System["address"], directory: string): Promise<Opened<System>> {
  const log = openLog({ level: "silent" });
  const server = await joinServer({ directory, log, databaseUrl: process.env["DATABASE_URL"] });
  const stopServer = () => server.stop();
  if (server.embedded && !(await answers(address))) {
    await stopServer();
    throw new SetupError("The program ended while its controls were to be checked.");
  }
  const tenancy = await openTenancy({
    server,
    dataDirectory: directory,
    domain: process.env["STRONGROOM_DOMAIN"] ?? "localhost",
    log,
  });
  // As the program keeps them: what it was started with stands in the data folder.
  const { STRONGROOM_BACKUP: _, STRONGROOM_BACKUP_COPY: __, ...environment } = process.env;
  const backups = () => openBackups(directory, environment, new Date());
  const { connection } = server;
  return {
    system: { address, tenancy, connection, backups },
    close: () => tenancy.close().then(stopServer),
  };
}
