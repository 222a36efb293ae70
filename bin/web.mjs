import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { quietly, root } from "./install.mjs";

const built = join(root, "dist", "web");
const stamp = join(root, "dist", "web.stamp");

/** True when `dist/web` was not made from the sources as they are now. */
export function webIsStale() {
  if (!existsSync(join(built, "index.html")) || !existsSync(stamp)) return true;
  return readFileSync(stamp, "utf8") !== fingerprint();
}

/** Builds the web app. Shape: `{ ok, output }`. */
export function buildWeb() {
  const wanted = fingerprint();
  const result = quietly("vite", ["build"], { NODE_ENV: "production" });
  if (result.ok) writeFileSync(stamp, wanted);
  return result;
}

// The web app is made from src/ui and the web folders alone (architecture.test.ts), so only they count.
function fingerprint() {
  const hash = createHash("sha256");
  const sources = readdirSync(join(root, "src"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.includes(".test."))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((path) => /[/\\](ui|web)[/\\]/.test(relative(root, path)))
    .sort();
  for (const path of [...sources, join(root, "vite.config.ts"), join(root, "package-lock.json")]) {
    if (existsSync(path)) hash.update(`${relative(root, path)}\0`).update(readFileSync(path));
  }
  return hash.digest("hex");
}
