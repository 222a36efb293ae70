import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endingWithUs } from "./ends-with-us.ts";

/** What a program would have started that is gone by now. */
function commandOfOneWhoIsGone(): [string, string[]] {
  const text = `import { endingWithUs } from ${JSON.stringify(join(import.meta.dirname, "ends-with-us.ts"))};
    console.log(JSON.stringify(endingWithUs("KILL", "echo", ["it runs"])));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", text], { encoding: "utf8" });
  return JSON.parse(stdout);
}

test("what a program starts does not outlive it, though it was killed before the kernel knew of the two", () => {
  const [file, args] = commandOfOneWhoIsGone();
  expect(spawnSync(file, args, { encoding: "utf8" }).stdout).toBe("");
});

test("what a program starts runs as it was asked to, in its own process", async () => {
  const [file, args] = endingWithUs("TERM", "sh", ["-c", 'echo "$$ $0 $1"', "a b", "$HOME"]);
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [said] = await once(child.stdout, "data");
  expect(String(said)).toBe(`${child.pid} a b $HOME\n`);
});
