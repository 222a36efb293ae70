import { spawn } from "node:child_process";
import { chmod, lchown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomPassword, writeSecretOnce } from "../secrets/index.ts";
import { findBinaries, type Binaries } from "./binaries.ts";
import { configurationFile, type ServerSettings } from "./settings.ts";
import { SetupError } from "./setup-error.ts";
import { findUnprivileged, namedUid, type Owner, type Unprivileged } from "./unprivileged.ts";

export const administrator = "strongroom_admin";

/** The server's folder on disk and how to run programs on it. */
export type Cluster = {
  folder: string;
  /** The version its files are of, and the programs. */
  major: number;
  socketFolder: string;
  password: string;
  binaries: Binaries;
  unprivileged: Unprivileged;
  /** The server ends at once when this program is gone; else it is found again at the next start. */
  endsWithUs?: boolean;
};

/** Another PostgreSQL than the embedded one; `owner` when it must run as a certain user and this program can do that. */
export type OtherPostgres = {
  major: number;
  /** Where its programs lie. */
  programs: string;
  owner?: Owner;
};

const embeddedMajor = 18;

// A Unix socket's path has 108 bytes; the file's own name takes 14 of them.
const socketFolderLengthMax = 90;

/** Makes the cluster of a data folder if it is not there, and writes its settings. Repeats safely after a crash. */
export async function prepareCluster(directory: string, settings: ServerSettings): Promise<Cluster> {
  await mkdir(directory, { recursive: true });
  const place = await preparePlace(directory);
  const password = await administratorPassword(directory);
  if (!existsSync(place.folder)) await initialise(place.folder, password, place.binaries, place.unprivileged);
  await checkVersion(place);
  const cluster = { ...place, password };
  await configure(cluster, settings);
  return cluster;
}

/** Finds out how a server can be run on this data folder; its files need not be there yet. */
export async function preparePlace(
  directory: string,
  other?: OtherPostgres,
): Promise<Omit<Cluster, "password">> {
  const binaries = other === undefined ? findBinaries() : programsIn(other.programs);
  const asRoot = process.getuid?.() === 0;
  // The server's own user must pass through to its files below; the secrets beside them are closed one by one.
  await chmod(directory, asRoot ? 0o711 : 0o700);
  const runFolder = join(directory, "run");
  await mkdir(runFolder, { recursive: true, mode: 0o700 });
  const unprivileged = findUnprivileged(binaries.postgres, runFolder, other?.owner);
  const socketFolder = await shortEnough(runFolder, unprivileged);
  const major = other?.major ?? embeddedMajor;
  return { folder: join(directory, "postgres"), major, socketFolder, binaries, unprivileged };
}

const programsIn = (folder: string): Binaries => ({
  initdb: join(folder, "initdb"),
  postgres: join(folder, "postgres"),
});

async function administratorPassword(directory: string): Promise<string> {
  const path = join(directory, "postgres.password");
  if (existsSync(join(directory, "postgres")) && !existsSync(path)) {
    throw new SetupError(`${path} is missing: the server in this folder cannot be entered without it.`);
  }
  await writeSecretOnce(path, randomPassword());
  return readFile(path, "utf8");
}

async function initialise(folder: string, password: string, binaries: Binaries, unprivileged: Unprivileged) {
  const draft = `${folder}.new`;
  const passwordFile = `${folder}.new.password`;
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (unprivileged.uid !== undefined) await ownAll(namedUid, draft, passwordFile);
  const locale = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
  const access = ["-U", administrator, "--auth=scram-sha-256", `--pwfile=${passwordFile}`];
  const args = ["-D", draft, "--data-checksums", ...locale, ...access];
  try {
    await runToEnd(unprivileged.wrap(binaries.initdb, args, namedUid));
  } finally {
    await rm(passwordFile, { force: true });
  }
  if (unprivileged.uid !== undefined) {
    const paths = await readdir(draft, { recursive: true });
    await ownAll(unprivileged.uid, draft, ...paths.map((path) => join(draft, path)));
  }
  await rename(draft, folder);
}

async function runToEnd(command: ReturnType<Unprivileged["wrap"]>): Promise<void> {
  const child = spawn(command.file, command.args, {
    ...command.options,
    cwd: "/",
    env: serverEnvironment(),
    stdio: ["ignore", "ignore", "pipe"],
  });
  let complaint = "";
  child.stderr?.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject).on("close", resolve);
  });
  if (code !== 0) throw new SetupError(`PostgreSQL could not make its files: ${complaint.trim()}`);
}

/** Nothing of the caller's environment reaches the server: `PG…` variables and locales would change it. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}

export async function checkVersion({ folder, major }: Pick<Cluster, "folder" | "major">): Promise<void> {
  const version = (await readFile(join(folder, "PG_VERSION"), "utf8")).trim();
  if (version === String(major)) return;
  throw new SetupError(
    `${folder} was made by PostgreSQL ${version}; this program ${major === embeddedMajor ? "carries" : "found"} PostgreSQL ${major}.`,
  );
}

async function shortEnough(runFolder: string, unprivileged: Unprivileged): Promise<string> {
  if (Buffer.byteLength(runFolder) <= socketFolderLengthMax) return runFolder;
  const note = join(runFolder, "socket-folder");
  const noted = await readFile(note, "utf8").catch(() => "");
  if (noted && existsSync(noted)) return noted;
  const folder = await mkdtemp(join(tmpdir(), "strongroom-"));
  if (unprivileged.uid !== undefined) await ownAll(unprivileged.uid, folder);
  await writeFile(note, folder);
  return folder;
}

export async function configure(
  { folder, socketFolder, unprivileged }: Cluster,
  settings: ServerSettings,
): Promise<void> {
  const path = join(folder, "postgresql.conf");
  const text = configurationFile({ ...settings, unix_socket_directories: socketFolder });
  // A disk that is full takes no new one, and the server can be started on it all the same.
  if ((await readFile(path, "utf8").catch(() => "")) === text) return;
  await writeFile(`${path}.new`, text);
  if (unprivileged.uid !== undefined) await ownAll(unprivileged.uid, `${path}.new`);
  await rename(`${path}.new`, path);
}

async function ownAll(uid: number, ...paths: string[]): Promise<void> {
  for (const path of paths) await lchown(path, uid, uid);
}
