import { pgBackRest, type Caller } from "./run.ts";

/** What `pgbackrest info --output=json` tells of one stanza; times are seconds since 1970. */
export type StanzaInfo = {
  archive: { database: OfDatabase; id: string }[];
  backup: BackupInfo[];
  db: { id: number; "repo-key": number }[];
  repo: { key: number; cipher: string; status: { code: number; message: string } }[];
};

type OfDatabase = { id: number; "repo-key": number };

type BackupInfo = {
  label: string;
  type: "full" | "diff" | "incr";
  database: OfDatabase;
  /** Pages of it did not match their checksums. */
  error: boolean;
  archive: { start: string | null; stop: string | null };
  timestamp: { start: number; stop: number };
  info: { repository: { delta: number } };
};

export async function readInfo(caller: Caller): Promise<StanzaInfo | undefined> {
  const [stanza] = JSON.parse(await pgBackRest(caller, ["--output=json", "info"])) as StanzaInfo[];
  return stanza;
}

/** The databases that one backup holds. */
export async function databasesIn(caller: Caller, repository: number, label: string): Promise<string[]> {
  const words = [`--repo=${repository}`, `--set=${label}`, "--output=json", "info"];
  const [stanza] = JSON.parse(await pgBackRest(caller, words)) as {
    backup: { "database-ref"?: { name: string }[] }[];
  }[];
  return (stanza?.backup[0]?.["database-ref"] ?? []).map(({ name }) => name);
}

export type ListedFile = { path: string; bytes: number; at: Date };

/** Every file below a folder of a repository. */
export async function listFiles(caller: Caller, repository: number, folder: string): Promise<ListedFile[]> {
  const words = [`--repo=${repository}`, "--output=json", "--recurse", "repo-ls", folder];
  const found = JSON.parse(await pgBackRest(caller, words)) as Record<
    string,
    { type: string; size?: number; time?: number }
  >;
  return Object.entries(found).flatMap(([path, { type, size = 0, time = 0 }]) =>
    type === "file" ? [{ path, bytes: size, at: new Date(time * 1_000) }] : [],
  );
}
