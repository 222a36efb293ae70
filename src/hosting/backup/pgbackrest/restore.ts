import { mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  openRestoredPlace,
  RecoveryEnded,
  stopRestoredServer,
  type OtherPostgres,
  type RestoredPlace,
} from "#platform/postgres/index.ts";
import { give } from "../../restore/lay-out.ts";
import type { PassedOver } from "../../restore/lay-out-soundest.ts";
import { readReached } from "../../restore/reached.store.ts";
import { scratchSettings, type RecoveredServer } from "../../restore/recover-to.ts";
import { replay } from "../../restore/replay.ts";
import { BackupError } from "../backup-error.ts";
import type { WantedServer } from "../backups.ts";
import { noteOpened } from "../run-notes.ts";
import { basesFor } from "../window.ts";
import { readHostCatalog, type StoredBackup } from "./catalog.ts";
import type { HostBackups } from "./host-backups.ts";
import { databasesIn } from "./info.ts";
import { pgBackRestTime } from "./recover-by-hand.ts";
import { commandOf, pgBackRest } from "./run.ts";
import { readHostServer } from "./server.store.ts";

/** Restores a backup into a folder of its own and replays the log up to the target, with the host's own programs. */
export async function recoverFromHost(backups: HostBackups, wanted: WantedServer): Promise<RecoveredServer> {
  const { directory, target, signal, progress } = wanted;
  const began = performance.now();
  await stopRestoredServer(directory);
  await progress?.("unpack");
  const server = await readHostServer(backups.connection);
  const owner = backups.caller.user;
  const other = { major: server.major, programs: await backups.programs(), ...(owner && { owner }) };
  const laidOut = await layOutFirst(backups, wanted, other);
  const { place } = laidOut;
  await progress?.("replay");
  const unpacked = performance.now();
  try {
    const started = await replay(place, {
      restoreCommand: archiveGet(backups, place),
      target,
      // The window ends with a commit: log that ends before the target was not given whole.
      isAll: async () => target.getTime() >= laidOut.reach.getTime(),
      user: server.superuser,
      password: "",
      settings: scratchSettings,
      standsBack: true,
      ...(signal === undefined ? {} : { signal }),
    });
    return {
      ...started,
      reached: await readReached(started.connection),
      until: target,
      unreadable: [],
      base: laidOut.base,
      passedOver: laidOut.passedOver,
      turned: [],
      unpackedBytes: laidOut.bytes,
      logBytes: 0,
      seconds: { unpack: (unpacked - began) / 1_000, replay: (performance.now() - unpacked) / 1_000 },
    };
  } catch (error) {
    await stopRestoredServer(directory);
    if (!(error instanceof RecoveryEnded)) throw error;
    throw new BackupError("damaged", `The backup could not be replayed. The server said:\n${error.message}`, {
      cause: error,
    });
  }
}

type LaidOut = { place: RestoredPlace; base: string; reach: Date; passedOver: PassedOver[]; bytes: number };

/** The first backup that opens, of whichever repository: an older one only costs the replay of more log. */
async function layOutFirst(
  backups: HostBackups,
  { directory, target, database, signal }: WantedServer,
  other: OtherPostgres,
): Promise<LaidOut> {
  const { bases } = await readHostCatalog(backups);
  const passedOver: PassedOver[] = [];
  for (const base of basesFor({ bases, broken: [] }, target)) {
    await rm(directory, { recursive: true, force: true });
    const place = await openRestoredPlace(directory, other);
    await give(place, place.folder);
    const name = nameOf(base);
    try {
      await unpack(backups, base, place, { database, target, signal });
      await noteOpened(backups.directory, name);
      await ownSettings(place);
      return {
        place,
        base: name,
        reach: base.reach ?? base.from,
        passedOver,
        bytes: await bytesIn(place.folder),
      };
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      passedOver.push({ label: name, reason: error.message });
      await noteOpened(backups.directory, name, { reason: error.message });
    }
  }
  throw new BackupError(
    "damaged",
    `No backup from which this moment can be reached opens. ${passedOver.map(({ reason }) => reason).join(" ")}`,
  );
}

export const nameOf = ({ label, repository }: Pick<StoredBackup, "label" | "repository">): string =>
  `${label} in repository ${repository}`;

async function unpack(
  { caller }: HostBackups,
  base: StoredBackup,
  place: RestoredPlace,
  { database, target, signal }: Pick<WantedServer, "database" | "target" | "signal">,
): Promise<void> {
  const databases = await databasesIn(caller, base.repository, base.label);
  // One that was made after the backup is made anew by the log; then every other one is left out by name.
  const others = databases.filter((name) => name !== "postgres" && !name.startsWith("template"));
  const chosen = databases.includes(database)
    ? [`--db-include=${database}`]
    : others.map((name) => `--db-exclude=${name}`);
  const tablespaces = join(place.directory, "tablespaces");
  await mkdir(tablespaces, { mode: 0o700 });
  await give(place, tablespaces);
  const until = ["--type=time", `--target=${pgBackRestTime(target)}`];
  const where = [`--pg1-path=${place.folder}`, `--tablespace-map-all=${tablespaces}`, "--archive-mode=off"];
  const from = [`--repo=${base.repository}`, `--set=${base.label}`, "--no-delta"];
  await pgBackRest(caller, [...from, ...until, ...where, ...chosen, "restore"], { signal, standsBack: true });
}

/** What the host's server is told, by file or by ALTER SYSTEM, is not for a scratch server; who may enter is. */
async function ownSettings(place: RestoredPlace): Promise<void> {
  const files = {
    "postgresql.auto.conf": "",
    // Its socket lies in a folder that only its own user and root can enter.
    "pg_hba.conf": "local all all trust\n",
    "pg_ident.conf": "",
  };
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(place.folder, name), text, { mode: 0o600 });
    await give(place, join(place.folder, name));
  }
}

/** Asks all repositories in turn. Only "there is no such file" ends the log; anything else ends the recovery. */
function archiveGet({ caller }: HostBackups, place: RestoredPlace): string {
  const quoted = (word: string) => `'${word.replaceAll("'", String.raw`'\''`).replaceAll("%", "%%")}'`;
  const words = [...commandOf(caller), "--no-archive-async", `--pg1-path=${place.folder}`];
  return `${words.map(quoted).join(" ")} archive-get %f "%p"; code=$?; test $code -le 1 && exit $code; exit 255`;
}

/** What was really written: files of databases that were left out take no room. */
async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const path of await readdir(folder, { recursive: true }))
    bytes += ((await stat(join(folder, path)).catch(() => undefined))?.blocks ?? 0) * 512;
  return bytes;
}
