import type { ArchivedSegment } from "../log-files.ts";
import { isHistoryName } from "../wal-names.ts";
import type { Repository } from "./configuration.ts";
import { listFiles, type StanzaInfo } from "./info.ts";
import type { Caller } from "./run.ts";

/** A repository as it was found. */
export type SeenRepository = Repository & {
  encrypted: boolean;
  /** Why it cannot be used. */
  failure: string | undefined;
  segments: ArchivedSegment[];
  /** Paths of the notes on earlier timelines. */
  histories: string[];
};

// What `info` says of a repository that is sound, or sound and without a backup yet.
const fineCodes = [0, 2];

// With its checksum and how it is packed; one that is still being copied has more after it.
const isWholeSegment = /^[0-9A-F]{24}-[0-9a-f]{40}(\.(gz|lz4|zst|bz2))?$/;

/** Looks what log a repository holds; one that does not answer is said to fail. */
export async function lookAt(
  caller: Caller,
  info: StanzaInfo | undefined,
  repository: Repository,
): Promise<SeenRepository> {
  const { key } = repository;
  const told = info?.repo.find((each) => each.key === key);
  const encrypted = (told?.cipher ?? "none") !== "none";
  const seen = { ...repository, encrypted, segments: [], histories: [], failure: undefined };
  if (told === undefined || !fineCodes.includes(told.status.code))
    return { ...seen, failure: told?.status.message.split("\n")[0] ?? "it is not there" };
  const archive = info?.archive.find(
    ({ database }) => database["repo-key"] === key && database.id === currentIn(info, key),
  );
  if (archive === undefined) return seen;
  try {
    const folder = `archive/${caller.stanza}/${archive.id}`;
    const files = await listFiles(caller, key, folder);
    const named = files.map((file) => ({ ...file, name: file.path.split("/").at(-1) ?? "" }));
    return {
      ...seen,
      segments: named.flatMap(({ name, path, bytes, at }) =>
        isWholeSegment.test(name)
          ? [{ name: name.slice(0, 24), path: `${folder}/${path}`, closedAt: at, bytes }]
          : [],
      ),
      histories: named.filter(({ name }) => isHistoryName(name)).map(({ path }) => `${folder}/${path}`),
    };
  } catch (error) {
    return { ...seen, failure: (error as Error).message };
  }
}

/** The server as it is now: what was kept before an upgrade to another version is of no use to it. */
export const currentIn = ({ db }: StanzaInfo, repository: number): number =>
  Math.max(...db.filter((each) => each["repo-key"] === repository).map(({ id }) => id));

export const failureWords = ({ key, place, failure }: Pick<SeenRepository, "key" | "place" | "failure">) =>
  `Repository ${key} (${place}) cannot be used: ${failure}.`;
