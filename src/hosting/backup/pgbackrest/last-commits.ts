import { execFile } from "node:child_process";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Follow } from "../log-files.ts";
import { pgBackRest, type Caller } from "./run.ts";

/** When the last transaction was committed that lies in the log up to that number, and not before `first`. */
export type LastCommits = (follow: Follow, last: number, first: number) => Promise<Date | undefined>;

// The schedule commits a beat three times a minute; without it a quiet server's log tells nothing for a while.
const segmentsMax = 20;

/**
 * Reads commit times out of the archived log itself: how far it reaches is not what a file's date says, which is only
 * when it was copied. What was read is remembered, for a file of the log never changes.
 */
export function lastCommitsOf(caller: Caller, programs: () => Promise<string>): LastCommits {
  const known = new Map<string, Promise<Date | undefined>>();
  const inSegment = (name: string): Promise<Date | undefined> => {
    const read = known.get(name) ?? readLastCommit(caller, programs, name);
    known.set(name, read);
    read.catch(() => known.delete(name));
    return read;
  };
  return async (follow, last, first) => {
    for (let number = last; number >= first && number > last - segmentsMax; number--) {
      const segment = follow(number);
      const found = segment && (await inSegment(segment.name));
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

async function readLastCommit(
  caller: Caller,
  programs: () => Promise<string>,
  segment: string,
): Promise<Date | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "strongroom-log-"));
  try {
    if (caller.user !== undefined) await chown(folder, caller.user.uid, caller.user.gid);
    const path = join(folder, segment);
    await pgBackRest(caller, ["--no-archive-async", "archive-get", segment, path]);
    const dump = join(await programs(), "pg_waldump");
    const options = { env: { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" }, maxBuffer: 512 * 1024 * 1024 };
    // It ends with an error where the log ends, having printed what there is.
    const printed = await promisify(execFile)(dump, ["--rmgr=Transaction", path], options).catch(
      (error: Error & { stdout?: string }) => {
        if (error.stdout === undefined) throw error;
        return { stdout: error.stdout };
      },
    );
    return lastCommitIn(printed.stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function lastCommitIn(printed: string): Date | undefined {
  const moment = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})/;
  const commits = printed.split("\n").map((line) => moment.exec(line.split("desc: COMMIT")[1] ?? ""));
  const last = commits.findLast((each) => each !== null);
  return last === undefined ? undefined : new Date(`${last[1]}T${last[2]}Z`);
}
