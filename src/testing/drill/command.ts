import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const program = join(import.meta.dirname, "../../apps/cli/strongroom.ts");

/** Runs the host's command on a data folder and reads its answer. Throws what it complained of. */
export async function strongroom<Answer>(directory: string, ...words: string[]): Promise<Answer> {
  const child = spawn(process.execPath, [program, ...words, "--json"], {
    env: { ...process.env, STRONGROOM_DATA: directory },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  if (code !== 0) throw new Error(`strongroom ${words.join(" ")}: ${(stderr || stdout).trim()}`);
  // A few commands answer with a sentence.
  return (stdout.startsWith("{") ? JSON.parse(stdout) : stdout.trim()) as Answer;
}
