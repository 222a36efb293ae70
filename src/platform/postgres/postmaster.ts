import { spawn } from "node:child_process";
import { readFile, realpath } from "node:fs/promises";
import { closeSync, openSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { serverEnvironment, type Cluster } from "./cluster.ts";
import { endingWithUs } from "./ends-with-us.ts";
import type { Unprivileged } from "./unprivileged.ts";

/** The first process of a running server. */
export type Postmaster = { pid: number; socketFolder: string };

/** The server that runs on this folder, whoever started it; undefined when none does. */
export async function findPostmaster(folder: string): Promise<Postmaster | undefined> {
  const lines = (await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "")).split("\n");
  const pid = Number(lines[0]);
  const socketFolder = lines[4]?.trim();
  if (!pid || !socketFolder) return undefined;
  return (await isPostmasterOf(pid, folder)) ? { pid, socketFolder } : undefined;
}

/**
 * True while that process lives and is a server on that folder: its number may have passed to another one.
 * Asks its command line, which everybody may read; what else tells is closed to root in many containers.
 */
export async function isPostmasterOf(pid: number, folder: string): Promise<boolean> {
  try {
    const [commandLine, trueFolder] = await Promise.all([
      readFile(`/proc/${pid}/cmdline`, "utf8"),
      realpath(folder),
    ]);
    const [program, ...words] = commandLine.split("\0");
    return basename(program ?? "") === "postgres" && words[0] === "-D" && words[1] === trueFolder;
  } catch {
    return false;
  }
}

/**
 * Starts the server and returns at once. It is a session of its own: Ctrl-C in the terminal must reach this
 * program alone, which then stops the server in order.
 */
export async function launchPostmaster(cluster: Cluster, onExit: () => void): Promise<void> {
  const command = commandOf(cluster, await realpath(cluster.folder));
  const output = openSync(join(cluster.folder, "..", "postgres-start.log"), "w", 0o600);
  try {
    const child = spawn(command.file, command.args, {
      ...command.options,
      cwd: "/",
      env: serverEnvironment(),
      detached: true,
      stdio: ["ignore", output, output],
    });
    child.unref();
    child.once("exit", onExit);
    child.once("error", onExit);
  } finally {
    closeSync(output);
  }
}

function commandOf(
  { unprivileged, binaries, endsWithUs }: Cluster,
  folder: string,
): ReturnType<Unprivileged["wrap"]> {
  const plain: [string, string[]] = [binaries.postgres, ["-D", folder]];
  return unprivileged.wrap(...(endsWithUs ? endingWithUs("QUIT", ...plain) : plain));
}

/** What the server said when it did not start. */
export async function launchComplaint(cluster: Pick<Cluster, "folder">): Promise<string> {
  const text = await readFile(join(cluster.folder, "..", "postgres-start.log"), "utf8").catch(() => "");
  return text.trim().split("\n").slice(-5).join("\n");
}

const fastShutdownSeconds = 60;

/** Ends the server: in order if it can within a minute, at once otherwise (it then recovers at its next start). */
export async function shutDown(pid: number, folder: string): Promise<void> {
  const deadline = Date.now() + fastShutdownSeconds * 1_000;
  signalPostmaster(pid, "SIGINT");
  while (await isPostmasterOf(pid, folder)) {
    if (Date.now() > deadline) signalPostmaster(pid, "SIGQUIT");
    await delay(20);
  }
}

/** Ends a server of which nothing is needed any more. */
export async function endAtOnce(pid: number, folder: string): Promise<void> {
  signalPostmaster(pid, "SIGQUIT");
  while (await isPostmasterOf(pid, folder)) await delay(20);
}

export function signalPostmaster(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
