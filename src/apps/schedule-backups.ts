import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { runSchedule, type Recovery } from "#hosting/index.ts";
import { endingWithUs } from "#platform/postgres/index.ts";
import type { Log } from "#platform/log/index.ts";

const commandLine = join(import.meta.dirname, "cli/strongroom.ts");
const endWithParent = join(import.meta.dirname, "../../bin/end-with-parent.mjs");
const complaintMax = 2_000;

/** Has the chores of backup and restore, and what tenants asked, done by the host's own command, in a process that stands back for this one. */
export function scheduleBackups(recovery: Omit<Recovery, "requestedBy">) {
  const carryOut = (words: readonly string[], signal: AbortSignal) => runCommand(words, recovery.log, signal);
  return runSchedule({ ...recovery, requestedBy: "schedule" }, carryOut, () => new Date());
}

const runCommand = async (words: readonly string[], log: Log, signal: AbortSignal): Promise<void> => {
  const { code, output } = await runBeside(commandLine, words, signal);
  if (code !== 0) throw new Error(`strongroom ${words.join(" ")}: ${output}`);
  log.info({ output }, `strongroom ${words.join(" ")}`);
};

/** Runs a program of ours in a process of its own, which ends with this one. */
export async function runBeside(
  program: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<{ code: number; output: string }> {
  // What it leaves is undone by whoever runs next; in order, it could still take the folder from that one.
  const [file, args] = endingWithUs("KILL", process.execPath, ["--import", endWithParent, program, ...words]);
  const child = spawn(file, args, { env: process.env, stdio: ["ignore", "pipe", "pipe", "ipc"], signal });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-complaintMax)));
  const [code] = (await once(child, "close")) as [number];
  return { code, output: output.trim() };
}
