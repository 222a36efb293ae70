import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

export const root = resolve(import.meta.dirname, "..");
const tools = join(root, "node_modules", ".bin");

/** The Node this program is written for; the one on the machine may be older. */
export const node = join(tools, "node");

export const environment = { ...process.env, PATH: `${tools}${delimiter}${process.env.PATH ?? ""}` };

const stamp = join(root, "node_modules", ".strongroom-installed");

/** Installs what package-lock.json names, unless it is there already. Ends this program when that fails. */
export function install() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (isInstalled(wanted)) return;
  say("Installing the libraries Strongroom needs (npm ci), about a minute …");
  const options = ["--include=dev", "--no-audit", "--no-fund"];
  let result = quietly("npm", ["ci", ...options]);
  // npm ci refuses a lock file made behind a registry that lacks the libraries of other platforms, which this
  // machine needs none of. Everything the lock file does name keeps its version and checksum.
  if (!result.ok && result.output.includes("EUSAGE")) {
    result = quietly("npm", ["install", "--no-save", ...options]);
  }
  if (!result.ok) stop(result.output, "The libraries could not be installed.");
  writeFileSync(stamp, wanted);
}

function isInstalled(wanted) {
  if (!existsSync(node)) return false;
  if (existsSync(stamp)) return readFileSync(stamp, "utf8") === wanted;
  // Somebody ran npm himself; npm writes this file last.
  const installed = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs < statSync(join(root, "package-lock.json")).mtimeMs) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/** Shows what a program said and ends this one. */
export function stop(output, complaint) {
  process.stderr.write(`${output}\n${complaint}\n`);
  process.exit(1);
}

/** Runs a program without input. `output` is all it said. */
export function quietly(program, args, extra = {}) {
  const result = spawnSync(program, args, {
    cwd: root,
    env: { ...environment, ...extra },
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const output = [result.stdout, result.stderr, result.error?.message].filter(Boolean).join("\n").trim();
  return { ok: result.status === 0, output };
}

export function say(line) {
  process.stdout.write(`${line}\n`);
}
