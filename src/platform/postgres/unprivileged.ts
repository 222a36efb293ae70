import { spawnSync, type SpawnOptions } from "node:child_process";
import { chownSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { SetupError } from "./setup-error.ts";

export type Owner = { uid: number; gid: number };

/** How to run the server's programs: PostgreSQL refuses to run as root, and is right to. */
export type Unprivileged = {
  /** The owner of the server's files; undefined when this program itself is unprivileged. */
  uid: number | undefined;
  /** The command to spawn; as another user than the owner when `as` is given. */
  wrap(program: string, args: string[], as?: number): { file: string; args: string[]; options: SpawnOptions };
};

// Near the end of the range for ordinary accounts: nobody's login, and below 65,536, which is all that a
// container with its own user namespace may have. Not `nobody`: other services run as that one.
const serverUid = 59_432;

/** `nobody`, for the one program that insists on running as a user the system knows by name. */
export const namedUid = 65_534;

/**
 * Finds a way to run `program` on `directory` without being root. Where a folder above them is closed to
 * everybody but root, the server gets the single capability to pass through it and nothing more.
 */
export function findUnprivileged(program: string, directory: string, owner?: Owner): Unprivileged {
  if (process.getuid?.() !== 0) return asOurselves;
  const { uid, gid } = owner ?? ownerOf(directory);
  chownSync(directory, uid, gid);
  const groupOf = (as: number) => (as === uid ? gid : as);
  const plain: Unprivileged = {
    uid,
    wrap: (file, args, as = uid) => ({ file, args, options: { uid: as, gid: groupOf(as) } }),
  };
  // A container may lack the narrower capability but keep the wider one.
  const capable = ["dac_read_search", "dac_override"].map((each) => withCapability(uid, groupOf, each));
  const ways = [plain, ...capable];
  const way = ways.find((candidate) => reaches(candidate, program, directory));
  if (way) return way;
  throw new SetupError(
    `PostgreSQL must not run as root, and user ${uid} cannot reach ${directory}. Move the folder or run Strongroom as another user.`,
  );
}

// In a container one may be a user without a name, and can be `nobody` only in a user namespace of one's own.
const asOurselves: Unprivileged = {
  uid: undefined,
  wrap: (file, args, as) => {
    if (as !== namedUid || hasName()) return { file, args, options: {} };
    const map = [`--map-user=${namedUid}`, `--map-group=${namedUid}`];
    return { file: "unshare", args: ["--user", ...map, file, ...args], options: {} };
  },
};

function hasName(): boolean {
  try {
    return userInfo().username !== "";
  } catch {
    return false;
  }
}

function ownerOf(directory: string): Owner {
  const uid = statSync(directory).uid || serverUid;
  return { uid, gid: uid };
}

function withCapability(uid: number, groupOf: (uid: number) => number, capability: string): Unprivileged {
  const only = `-all,+${capability}`;
  const wrap: Unprivileged["wrap"] = (file, args, as = uid) => {
    const drop = ["--reuid", String(as), "--regid", String(groupOf(as)), "--clear-groups", "--no-new-privs"];
    const keep = ["--bounding-set", only, "--inh-caps", only, "--ambient-caps", only];
    // PostgreSQL looks for its own files with access(2), which forgets capabilities but for this bit.
    const count = ["--securebits", "+no_setuid_fixup,+no_setuid_fixup_locked"];
    return { file: "setpriv", args: [...count, ...drop, ...keep, file, ...args], options: {} };
  };
  return { uid, wrap };
}

function reaches(way: Unprivileged, program: string, directory: string): boolean {
  const trial = way.wrap("/bin/sh", [
    "-c",
    'cd "$0" && test -w . && exec "$1" --version',
    directory,
    program,
  ]);
  return spawnSync(trial.file, trial.args, { ...trial.options, stdio: "ignore" } as object).status === 0;
}
