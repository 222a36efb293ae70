import { execFile, spawnSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { areSeparate, isInMemory, openBackups, type Backups } from "#hosting/index.ts";
import { openLog } from "#platform/log/index.ts";
import { openServer, type Server } from "#platform/postgres/index.ts";
import { openTenancy, type Tenancy } from "#platform/tenancy/index.ts";

/** A server as a host runs it beside Strongroom: Debian's PostgreSQL 15, backed up by pgBackRest into two repositories. */
export type OwnServer = AsyncDisposable & {
  /** Strongroom's data folder. */
  directory: string;
  pgFolder: string;
  repositories: readonly [string, string];
  /** As a host sets them. */
  environment: NodeJS.ProcessEnv;
  server: Server;
  tenancy: Tenancy;
  backups: Backups;
  /** Runs a program as the server's own user. */
  run: (program: string, ...words: string[]) => Promise<string>;
  /** Writes another configuration of pgBackRest and gives the settings that name it. */
  configured: (lines: Record<string, string | undefined>) => Promise<NodeJS.ProcessEnv>;
};

const programs = "/usr/lib/postgresql/15/bin";
const stanza = "host";
const log = openLog({ level: process.env["STRONGROOM_LOG"] ?? "silent" });

// A power cut during a test run loses nothing of worth.
const serverSettings = (archiveCommand: string, socket: string) => `
listen_addresses = ''
unix_socket_directories = '${socket}'
archive_mode = on
archive_command = '${archiveCommand}'
archive_timeout = 50
fsync = off
synchronous_commit = off
shared_buffers = 64MB
`;

export async function openOwnServer(): Promise<OwnServer> {
  const owner = serverUser();
  const run = runnerAs(owner);
  const places = await makePlaces(owner);
  const { folder, elsewhere, pgFolder, repositories } = places;
  const configured = configurations(places, owner?.name ?? userInfo().username);
  const environment = await configured({});
  const separate = (await isInMemory(elsewhere)) || (await areSeparate(folder, elsewhere));
  if (!separate) environment.STRONGROOM_BACKUP_SAME_DISK = "accept";
  await startServer(places, run, environment);
  const directory = join(folder, "data");
  await mkdir(directory);
  const server = await openServer({ directory, log, databaseUrl: environment.DATABASE_URL });
  const tenancy = await openTenancy({ server, dataDirectory: directory, domain: "localhost", log });
  const backups = (await openBackups(directory, environment, new Date()))!;
  const close = async () => {
    await tenancy.close();
    await server.stop();
    await run("pg_ctl", "-D", pgFolder, "-w", "-m", "immediate", "stop");
    for (const each of [elsewhere, folder]) await rm(each, { recursive: true, force: true });
  };
  const opened = {
    directory,
    pgFolder,
    repositories,
    environment,
    server,
    tenancy,
    backups,
    run,
    configured,
  };
  return { ...opened, [Symbol.asyncDispose]: close };
}

type Owner = ReturnType<typeof serverUser>;
type Places = Awaited<ReturnType<typeof makePlaces>>;

function runnerAs(owner: Owner): OwnServer["run"] {
  const as = owner === undefined ? {} : { uid: owner.uid, gid: owner.gid };
  const env = { PATH: `${programs}:/usr/bin:/bin`, LC_ALL: "C", TZ: "UTC" };
  return async (program, ...words) =>
    (await promisify(execFile)(program, words, { ...as, cwd: "/", env })).stdout;
}

async function makePlaces(owner: Owner) {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-own-server-"));
  const elsewhere = await mkdtemp(join(await otherDisk(folder), "strongroom-repositories-"));
  for (const each of [folder, elsewhere]) await chmod(each, 0o755);
  const owned = async (path: string) => {
    await mkdir(path, { recursive: true });
    if (owner !== undefined) await chown(path, owner.uid, owner.gid);
    return path;
  };
  return {
    folder,
    elsewhere,
    pgFolder: await owned(join(folder, "pg")),
    socket: await owned(join(folder, "socket")),
    notes: await owned(join(folder, "notes")),
    repositories: [await owned(join(elsewhere, "one")), await owned(join(elsewhere, "two"))] as const,
  };
}

function configurations(places: Places, as: string): OwnServer["configured"] {
  const { folder, elsewhere, pgFolder, socket, notes, repositories } = places;
  const usual = {
    "repo1-path": repositories[0],
    "repo2-path": repositories[1],
    "log-path": notes,
    "lock-path": notes,
    "compress-type": "zst",
    "start-fast": "y",
    // A file that was taken away does not come back while pgBackRest waits for it.
    "job-retry": "0",
    // What a host sets too low does not shorten what is promised.
    "repo1-retention-full": "1",
  };
  const own = { "pg1-path": pgFolder, "pg1-socket-path": socket, "pg1-user": "postgres" };
  const text = (options: Record<string, string | undefined>) =>
    Object.entries(options).flatMap(([name, value]) => (value === undefined ? [] : `${name}=${value}\n`));
  let written = 0;
  return async (lines) => {
    const config = join(folder, `pgbackrest-${written++}.conf`);
    const sections = ["[global]\n", ...text({ ...usual, ...lines }), `[${stanza}]\n`, ...text(own)];
    await writeFile(config, sections.join(""));
    return {
      DATABASE_URL: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(socket)}`,
      STRONGROOM_PGBACKREST_STANZA: stanza,
      STRONGROOM_PGBACKREST_CONFIG: config,
      STRONGROOM_PGBACKREST_AS: as,
      ...((await isInMemory(elsewhere)) ? { STRONGROOM_BACKUP_MEMORY: "accept" } : {}),
    };
  };
}

async function startServer(
  { pgFolder, socket, notes }: Places,
  run: OwnServer["run"],
  { STRONGROOM_PGBACKREST_CONFIG: config }: NodeJS.ProcessEnv,
): Promise<void> {
  const caller = [`--config=${config}`, `--stanza=${stanza}`];
  await run("initdb", "-D", pgFolder, "-U", "postgres", "-A", "trust", "--no-sync");
  const settings = serverSettings(`pgbackrest ${caller.join(" ")} archive-push %p`, socket);
  await writeFile(join(pgFolder, "postgresql.conf"), settings);
  await writeFile(join(pgFolder, "pg_hba.conf"), "local all postgres trust\nlocal all all scram-sha-256\n");
  await run("pg_ctl", "-D", pgFolder, "-l", join(notes, "server.log"), "-w", "start");
  await run("pgbackrest", ...caller, "stanza-create");
}

/** Debian's account, whom root becomes; this program's own otherwise. */
function serverUser(): { name: string; uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid = 0, gid = 0] = ["-u", "-g"].map((which) =>
    Number(spawnSync("id", [which, "postgres"], { encoding: "utf8" }).stdout),
  );
  return { name: "postgres", uid, gid };
}

async function otherDisk(folder: string): Promise<string> {
  for (const each of ["/dev/shm", "/var/tmp", "/srv"])
    if ((await isInMemory(each)) || (await areSeparate(folder, each))) return each;
  return tmpdir();
}
