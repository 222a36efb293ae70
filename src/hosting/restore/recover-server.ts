import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Log } from "#platform/log/index.ts";
import { shippedFolder, turnArchivingOn, withFolder } from "#platform/postgres/index.ts";
import { writeSecretOnce } from "#platform/secrets/index.ts";
import { BackupError } from "../backup/backup-error.ts";
import { fileBackups, layOutFiles, type FileCount } from "../files/file-backups.ts";
import { claimRoot, fileStoresOf, type FileStore } from "../files/file-store.ts";
import type { FilesToShip } from "../files/ship-files.ts";
import { readCatalog } from "../backup/catalog.ts";
import { keepKey, keyringOf } from "../backup/keyring.ts";
import { keepKnown } from "../backup/known-place.ts";
import { readSecrets } from "../backup/manifest.ts";
import { openPlace } from "../backup/open-place.ts";
import { whereTheyLie } from "../backup/open-backups.ts";
import { copyEnvironment } from "../backup/open-locations.ts";
import { readSheet, writeSheet } from "../backup/recovery-sheet.ts";
import { noteTried } from "../backup/damage.ts";
import { windowOf } from "../backup/window.ts";
import type { TurnedTo } from "../backup/location.ts";
import { withCopy } from "../backup/with-copy.ts";
import { lossesOf, readHead } from "./losses.ts";
import { takeOverBackups } from "./take-over-backups.ts";
import type { PassedOver } from "./lay-out-soundest.ts";
import { presentOfArchive } from "./present-of-archive.ts";
import { givePresent, type CarriedToServer } from "./present.store.ts";
import { recoverTo } from "./recover-to.ts";

export type ServerRecovery = {
  /** The data folder, empty or not there. */
  directory: string;
  /** Where the backups lie: a folder, or s3://bucket/prefix with the settings and the keys to reach it. */
  from: string;
  environment?: NodeJS.ProcessEnv;
  /** The second location, when both are there: each makes up for what the other has lost. */
  copy?: string;
  /** The recovery sheet. */
  sheet: string;
  /** Everything there is when absent. */
  target?: Date;
  /** Rights, blocks and erasures stay as they were at the target, whatever the archive says of later. */
  asItWas?: boolean;
  /** Leaves the backups to the server that writes to them: for trying it out beside that one. */
  rehearsal?: boolean;
  /** Uploaded files, with folders that are empty or not there. */
  stores?: readonly FileStore[];
};

export type ServerReport = {
  target: string | undefined;
  /** Commit time of the last transaction that is in. */
  lastCommit: string | undefined;
  /** What is known to be missing, in words; nobody who only looks at the end of it may take this for a full success. */
  losses: string[];
  /** The new server writes to the backups it came from from now on, and nobody else. */
  tookOver: boolean;
  /** Why it does not, though it was meant to. */
  notTaken?: string;
  /** Up to here the archive holds everything; what was done later on the lost server is lost. */
  archivedUntil: string;
  baseBackup: string;
  /** Nearer base backups, which do not open. */
  passedOver: PassedOver[];
  /** Files that had to be read from the copy, and why. */
  turned: readonly TurnedTo[];
  /** What of the end of the archive was kept; undefined when everything there is was recovered. */
  carried: CarriedToServer | undefined;
  files: FileCount;
  seconds: { unpack: number; replay: number };
  bytes: number;
};

/**
 * Makes the whole server anew in an empty data folder from the backups and the recovery sheet alone. Nothing counts
 * until the last step, so it can be repeated after a crash. The server goes on where the lost one ended, on a new
 * timeline and with the same backups. Recovered to an earlier moment it keeps the rights, blocks and erasures of the end
 * of the archive, unless told otherwise. Throws BackupError, FolderInUse.
 */
export async function recoverServer(wanted: ServerRecovery, log: Log): Promise<ServerReport> {
  await mkdir(wanted.directory, { recursive: true });
  // Neither a second recovery nor a program that is started meanwhile may work on what is half there.
  return withFolder(wanted.directory, () => recoverInto(wanted, log));
}

async function recoverInto(wanted: ServerRecovery, log: Log): Promise<ServerReport> {
  const { directory, sheet, target, stores = fileStoresOf(directory) } = wanted;
  await mustBeEmpty(directory);
  const keys = await readSheet(sheet);
  const { environment = {} } = wanted;
  const first = await openHeld(wanted.from, environment);
  const copy =
    wanted.copy === undefined ? undefined : await openHeld(wanted.copy, copyEnvironment(environment));
  const source = { location: withCopy(first.location, copy?.location), keyring: keyringOf(keys) };
  // Before the log: what it names is there by then, unless it is lost.
  const head = await readHead(source.location, source.keyring);
  const catalog = await readCatalog(source.location, source.keyring);
  if (catalog.bases.length === 0 && catalog.broken[0] !== undefined)
    throw new BackupError("key_wrong", `No backup opens with this sheet. ${catalog.broken[0].reason}`);
  const { latest } = windowOf(catalog);
  log.info({ target: target?.toISOString() ?? "the last moment" }, "Recovering the server");
  const building = join(directory, "recovering");
  const isEarlier = target !== undefined && latest !== undefined && target < latest;
  const present =
    isEarlier && !wanted.asItWas
      ? await presentOfArchive({ source, catalog, directory: building }, target)
      : undefined;
  const recovered = await recoverTo({
    source,
    catalog,
    target,
    wanted: () => true,
    directory: building,
    async tried(base, reason) {
      if (reason !== undefined) log.error({ base }, `A base backup does not open: ${reason}`);
    },
    // What it ends on is the first file of a new timeline, which the next start ships like any other.
    settings: { archive_mode: "on", archive_command: "false" },
  });
  const carried =
    target === undefined
      ? undefined
      : await givePresent(recovered.connection, present, { recoveredTo: target.toISOString() });
  await recovered.stop();
  const files = await bringFiles({ ...source, directory, stores }, target ?? recovered.until);
  const secrets = await readSecrets(source.location, source.keyring, recovered.base);
  await writeSecretOnce(join(directory, "host.key"), Buffer.from(secrets.hostKey, "base64"));
  await writeSecretOnce(join(directory, "postgres.password"), secrets.postgresPassword);
  for (const key of keys) await keepKey(directory, key);
  const { until } = recovered;
  const losses = target === undefined ? lossesOf(catalog, { ...recovered, head }, new Date()) : [];
  let notTaken: string | undefined;
  if (wanted.rehearsal !== true) {
    const owner = { directory, keyring: source.keyring };
    notTaken = await takeOverBackups(first.location, owner, catalog);
    if (copy !== undefined)
      notTaken ??= await takeOverBackups(copy.location, { ...owner, copyOf: first.location }, catalog);
  }
  if (wanted.rehearsal !== true) {
    await keepKnown(directory, "first", first.place, first.identity);
    if (copy !== undefined) await keepKnown(directory, "copy", copy.place, copy.identity);
  }
  await writeSheet(directory, keys, whereTheyLie({ location: first.location, copy: copy?.location }));
  for (const { label, reason } of recovered.passedOver)
    await noteTried({ directory, location: first.location }, label, reason);
  await rm(shippedFolder(directory), { recursive: true, force: true });
  if (wanted.rehearsal !== true) await turnArchivingOn(directory);
  await rename(join(building, "postgres"), join(directory, "postgres"));
  await rm(building, { recursive: true, force: true });
  return {
    target: target?.toISOString(),
    lastCommit: recovered.reached.lastCommit,
    losses,
    tookOver: wanted.rehearsal !== true && notTaken === undefined,
    ...(notTaken === undefined ? {} : { notTaken }),
    archivedUntil: (target === undefined ? until : latest)?.toISOString() ?? "",
    baseBackup: recovered.base,
    passedOver: recovered.passedOver,
    turned: recovered.turned,
    carried,
    files,
    seconds: recovered.seconds,
    bytes: recovered.unpackedBytes,
  };
}

async function bringFiles(source: FilesToShip, target: Date): Promise<FileCount> {
  const count = { files: 0, bytes: 0 };
  const files = fileBackups(source, source.location);
  for (const store of source.stores) await claimRoot(store);
  for (const database of await files.databases()) {
    const laid = await layOutFiles(files, { from: database, target, to: database });
    count.files += laid.files;
    count.bytes += laid.bytes;
  }
  return count;
}

async function openHeld(name: string, environment: NodeJS.ProcessEnv) {
  const place = await openPlace(name, environment);
  const identity = await place.identity();
  if (identity === undefined)
    throw new BackupError(
      "location_away",
      `${place.name} holds no backups. Name the folder of the disk that does, or the bucket with its prefix.`,
    );
  return { place, identity, location: place.open(identity) };
}

async function mustBeEmpty(directory: string): Promise<void> {
  if (existsSync(join(directory, "postgres")))
    throw new BackupError(
      "bad_request",
      `${directory} already holds a server. Recover into an empty folder: set STRONGROOM_DATA.`,
    );
  const own = new Set([
    "recovering",
    "host.key",
    "postgres.password",
    "backup",
    "run",
    "wal-shipped",
    "files",
  ]);
  const foreign = (await readdir(directory)).filter((name) => !own.has(name));
  if (foreign.length > 0)
    throw new BackupError(
      "bad_request",
      `${directory} is not empty (${foreign.slice(0, 3).join(", ")}). Recover into an empty folder: set STRONGROOM_DATA.`,
    );
}
