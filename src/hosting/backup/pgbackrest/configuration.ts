import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { BackupError } from "../backup-error.ts";
import { memorySetting } from "../disk-of.ts";

/** A repository as the host configured it. */
export type Repository = {
  key: number;
  /** As a host would write it: a folder, `machine:folder` or `s3:bucket/folder`. */
  place: string;
  /** Its folder, when it lies on this machine. */
  folder: string | undefined;
  /** One behind a machine of its own takes its backups from there; this program only looks at them. */
  ours: boolean;
  /** A throwaway has no second disk: memory counts as one. */
  memoryCounts: boolean;
};

export type Configuration = { pgFolder: string; repositories: Repository[] };

type Options = Map<string, string>;

const usualFiles = ["/etc/pgbackrest/pgbackrest.conf", "/etc/pgbackrest.conf"];
const usualFolder = "/etc/pgbackrest/conf.d";
const usualRepository = "/var/lib/pgbackrest";

/** What pgBackRest itself will read for that stanza, as far as it says where things lie. Throws BackupError. */
export async function readConfiguration(
  stanza: string,
  file: string | undefined,
  environment: NodeJS.ProcessEnv,
): Promise<Configuration> {
  const sections = parsed(await textOf(file));
  const own = sections.get(stanza);
  if (own === undefined)
    throw new BackupError(
      "not_configured",
      `pgBackRest has no stanza [${stanza}] in ${file ?? usualFiles.join(" or ")}. Name yours in STRONGROOM_PGBACKREST_STANZA.`,
    );
  const options: Options = new Map([
    ...(sections.get("global") ?? []),
    ...own,
    ...fromEnvironment(environment),
  ]);
  const pgFolder = options.get("pg1-path");
  if (pgFolder === undefined || options.has("pg1-host"))
    throw new BackupError(
      "not_configured",
      `Stanza [${stanza}] must have its pg1-path on this machine: Strongroom runs beside the database server.`,
    );
  const memoryCounts = environment[memorySetting] === "accept";
  return {
    pgFolder,
    repositories: keysOf(options).map((key) => ({ ...repositoryOf(options, key), memoryCounts })),
  };
}

async function textOf(file: string | undefined): Promise<string> {
  if (file !== undefined) return read(file);
  const usual = usualFiles.find((each) => existsSync(each));
  const more = await readdir(usualFolder).catch(() => []);
  const paths = more.filter((name) => name.endsWith(".conf")).sort();
  const all = [...(usual === undefined ? [] : [usual]), ...paths.map((name) => join(usualFolder, name))];
  return (await Promise.all(all.map(read))).join("\n");
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new BackupError("not_configured", `The configuration of pgBackRest cannot be read: ${file}.`, {
      cause,
    });
  });
}

function parsed(text: string): Map<string, Options> {
  const sections = new Map<string, Options>();
  let section: Options = new Map();
  for (const line of text.split("\n")) {
    const name = /^\s*\[([^\]]+)\]/.exec(line)?.[1];
    const [, option, value] = /^([a-z][a-z0-9-]*)\s*=(.*)$/.exec(line.trim()) ?? [];
    if (name !== undefined) sections.set(name, (section = sections.get(name) ?? new Map()));
    else if (option !== undefined) section.set(option, value?.trim() ?? "");
  }
  return sections;
}

const fromEnvironment = (environment: NodeJS.ProcessEnv): [string, string][] =>
  Object.entries(environment).flatMap(([name, value]) =>
    name.startsWith("PGBACKREST_") && value !== undefined
      ? [[name.slice("PGBACKREST_".length).toLowerCase().replaceAll("_", "-"), value] as [string, string]]
      : [],
  );

function keysOf(options: Options): number[] {
  const found = [...options.keys()].flatMap((name) => /^repo(\d+)-(?:path|type|host)$/.exec(name)?.[1] ?? []);
  return found.length === 0 ? [1] : [...new Set(found.map(Number))].sort((a, b) => a - b);
}

function repositoryOf(options: Options, key: number): Omit<Repository, "memoryCounts"> {
  const option = (name: string) => options.get(`repo${key}-${name}`);
  const path = option("path") ?? usualRepository;
  const type = option("type") ?? "posix";
  const host = option("host");
  if (host !== undefined) return { key, place: `${host}:${path}`, folder: undefined, ours: false };
  if (type === "posix" || type === "cifs") return { key, place: path, folder: path, ours: true };
  const bucket = option(`${type}-bucket`) ?? option(`${type}-container`) ?? "";
  return { key, place: `${type}:${bucket}${path}`, folder: undefined, ours: true };
}
