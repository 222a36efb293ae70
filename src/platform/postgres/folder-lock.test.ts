import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { lockFolder } from "./folder-lock.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "strongroom-lock-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

// A network of one's own is what a container has, and where the other's socket is not seen.
const container = ["unshare", "--net", "--map-root-user"];

test("a folder that a program in another container has is refused, and free when that one is killed", async ({
  skip,
}) => {
  if (spawnSync(container[0]!, [...container.slice(1), "true"]).status !== 0)
    return skip("Nothing can be run in a network of its own here (unshare).");
  const text = `import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, "folder-lock.ts"))};
    await lockFolder(${JSON.stringify(directory)}, "server");
    console.log("locked");
    setInterval(() => undefined, 60_000);`;
  const words = [...container, process.execPath, "--input-type=module", "-e", text];
  const other = spawn(words[0]!, words.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
  await once(other.stdout, "data");
  await expect(lockFolder(directory, "server")).rejects.toThrow("already runs");
  other.kill("SIGKILL");
  await once(other, "exit");
  await (await lockFolder(directory, "server")).release();
});

test("a lock that is released twice closes no file that was opened since", async () => {
  const lock = await lockFolder(directory, "command");
  await lock.release();
  const since = await open(directory);
  await lock.release();
  await expect(since.stat()).resolves.toBeDefined();
  await since.close();
});
