import { access } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { connectionFrom } from "#platform/postgres/index.ts";
import { BackupError } from "../backup-error.ts";
import type { Backups } from "../backups.ts";
import { keepDaysFrom } from "../keep-days.ts";
import { windowOf } from "../window.ts";
import { readHostCatalog } from "./catalog.ts";
import { mustBeApart } from "./apart.ts";
import { readConfiguration } from "./configuration.ts";
import { checkHostBackups, purgeHostBackups } from "./daily.ts";
import type { HostBackups } from "./host-backups.ts";
import { knownStanza, wantedStanza } from "./known-stanza.ts";
import { lastCommitsOf } from "./last-commits.ts";
import { makeInEach, newestIn } from "./make.ts";
import { recoverFromHost } from "./restore.ts";
import { readHostServer } from "./server.store.ts";
import { hostBackupStatus } from "./status.ts";
import { usualUser, userFor } from "./system-user.ts";
import { archiveAll } from "./wait-for-archive.ts";

/**
 * Opens the pgBackRest stanza that STRONGROOM_PGBACKREST_STANZA names, else the one this data folder knows; undefined
 * when there is none. Throws BackupError.
 */
export async function openHostBackups(
  directory: string,
  environment: NodeJS.ProcessEnv,
  now: Date,
): Promise<Backups | undefined> {
  const known = await knownStanza.read(directory);
  const wanted = wantedStanza(environment, known, now);
  if (wanted === undefined) return undefined;
  const { stanza, config, as = usualUser, since } = wanted;
  const user = await userFor(as);
  const caller = { stanza, config, user };
  const configuration = await readConfiguration(stanza, config, environment);
  const { pgFolder, repositories } = configuration;
  if (known?.stanza !== stanza)
    await mustBeApart(configuration, environment.STRONGROOM_BACKUP_SAME_DISK === "accept");
  if (!isDeepStrictEqual(known, wanted)) await knownStanza.keep(directory, wanted);
  const connection = connectionFrom(environment.DATABASE_URL ?? "");
  const programs = () => programsFor(environment, async () => (await readHostServer(connection)).major);
  const lastCommits = lastCommitsOf(caller, programs);
  const keepDays = keepDaysFrom(environment);
  return hostBackups({
    directory,
    connection,
    caller,
    pgFolder,
    repositories,
    keepDays,
    since,
    programs,
    lastCommits,
  });
}

function hostBackups(backups: HostBackups): Backups {
  const { directory, keepDays, repositories } = backups;
  const windowNow = async () => windowOf(await readHostCatalog(backups));
  return {
    directory,
    keepDays,
    window: windowNow,
    archiveAll: (_connection, signal) => archiveAll(backups, signal),
    async archiveUpTo(target, _connection, signal) {
      const { latest } = await windowNow();
      if (latest !== undefined && latest < target) await archiveAll(backups, signal);
    },
    recover: (wanted) => recoverFromHost(backups, wanted),
    async newest() {
      const { bases } = await readHostCatalog(backups);
      const ours = repositories.filter((each) => each.ours);
      const furthestBehind = (kind: "full" | "increment"): Date | undefined => {
        const times = ours.map(({ key }) => newestIn(bases, key, kind)?.startedAt);
        const [first] = times.flatMap((at) => at ?? []).sort((a, b) => a.getTime() - b.getTime());
        return times.includes(undefined) ? undefined : first;
      };
      const [full, increment] = [furthestBehind("full"), furthestBehind("increment")];
      return { full, increment, some: bases.length > 0 };
    },
    makeFull: (_connection, now, signal) => makeInEach(backups, "full", now, signal),
    makeIncrement: (now, signal) => makeInEach(backups, "increment", now, signal),
    check: (_random, now) => checkHostBackups(backups, now),
    purge: (now) => purgeHostBackups(backups, now),
    status: (now) => hostBackupStatus(backups, now),
  };
}

/** Where the programs of the server's own version lie. Throws BackupError. */
async function programsFor(environment: NodeJS.ProcessEnv, majorOf: () => Promise<number>): Promise<string> {
  const folder = environment.STRONGROOM_POSTGRES_BIN || `/usr/lib/postgresql/${await majorOf()}/bin`;
  for (const name of ["postgres", "pg_waldump"])
    await access(join(folder, name)).catch((cause: unknown) => {
      throw new BackupError(
        "not_configured",
        `There is no ${name} in ${folder}. Name the folder of PostgreSQL's programs in STRONGROOM_POSTGRES_BIN.`,
        { cause },
      );
    });
  return folder;
}
