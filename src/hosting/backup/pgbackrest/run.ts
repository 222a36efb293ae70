import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { endingWithUs, standsBack } from "#platform/postgres/index.ts";
import { BackupError } from "../backup-error.ts";
import type { SystemUser } from "./system-user.ts";

/** How pgBackRest is called: for which stanza, with which configuration, as whom. */
export type Caller = {
  stanza: string;
  /** Its own usual places when absent. */
  config: string | undefined;
  /** This program's own user when absent. */
  user: SystemUser | undefined;
};

const execute = promisify(execFile);
const outputBytesMax = 256 * 1024 * 1024;
const complaintMax = 400;

/** Runs one command of pgBackRest and returns what it printed. Throws BackupError with its own first words. */
export async function pgBackRest(
  caller: Caller,
  words: readonly string[],
  { signal, standsBack: isSlow = false }: { signal?: AbortSignal | undefined; standsBack?: boolean } = {},
): Promise<string> {
  const [program = "", ...said] = [...commandOf(caller), ...quiet, ...words];
  const [own, ownArgs] = endingWithUs("TERM", program, said);
  const [file = "", ...args] = [...asUser(caller), own, ...ownArgs];
  try {
    const options = { env: environmentOf(caller), cwd: "/", maxBuffer: outputBytesMax };
    const running = execute(file, args, { ...options, ...(signal === undefined ? {} : { signal }) });
    if (isSlow && running.child.pid !== undefined) standsBack(running.child.pid, true);
    return (await running).stdout;
  } catch (error) {
    signal?.throwIfAborted();
    throw new BackupError("failed", complaintOf(error as Error & { stderr?: string }), { cause: error });
  }
}

const quiet = ["--log-level-console=off", "--log-level-stderr=error"];

/** The command as one types it, without its verb. */
export const commandOf = ({ stanza, config }: Caller): string[] => [
  "pgbackrest",
  `--stanza=${stanza}`,
  ...(config === undefined ? [] : [`--config=${config}`]),
];

const asUser = ({ user }: Caller): string[] =>
  user === undefined
    ? []
    : ["setpriv", `--reuid=${user.uid}`, `--regid=${user.gid}`, "--init-groups", "--no-new-privs", "--"];

function environmentOf({ user }: Caller): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith("PGBACKREST_"));
  const { PATH, HOME } = process.env;
  return { PATH, HOME: user?.home ?? HOME, LC_ALL: "C", TZ: "UTC", ...Object.fromEntries(own) };
}

function complaintOf({ message, stderr = "" }: Error & { stderr?: string }): string {
  if (/ENOENT|No such file or directory/.test(message) && stderr === "")
    return "pgBackRest is not installed on this machine: apt-get install pgbackrest.";
  if (/setpriv: failed to execute|exec: \S+: not found/.test(stderr))
    return "pgBackRest is not installed on this machine: apt-get install pgbackrest.";
  const lines = stderr.replace(/^.*ERROR: (\[\d+\]: )?/s, "").split("\n");
  const said = lines.map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("HINT"));
  return `pgBackRest says: ${said.join(" ").slice(0, complaintMax) || message}`;
}
