import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const checkout = resolve(import.meta.dirname, "../..");

/**
 * Runs this program again from a copy of its source, and so every server it starts: a run of half an hour must not have
 * the program exchanged under it by whoever works in the checkout meanwhile. Results and kept folders stay there.
 */
export async function runFromCopy(words: readonly string[]): Promise<number> {
  const copy = await mkdtemp(join(tmpdir(), "strongroom-bench-copy-"));
  try {
    for (const name of ["package.json", "bin", "bench", "migrations", "src"])
      await cp(join(checkout, name), join(copy, name), { recursive: true, filter: isSource });
    await symlink(join(checkout, "node_modules"), join(copy, "node_modules"));
    const child = spawn(process.execPath, [join(copy, "bench/recovery/run.ts"), ...words], {
      env: {
        STRONGROOM_BENCH_DATA: join(checkout, "bench/.data"),
        ...process.env,
        STRONGROOM_BENCH_RESULTS: join(checkout, "bench"),
      },
      stdio: "inherit",
    });
    const [code] = await once(child, "exit");
    return Number(code ?? 1);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

const isSource = (path: string): boolean => !path.startsWith(join(checkout, "bench/.data"));
