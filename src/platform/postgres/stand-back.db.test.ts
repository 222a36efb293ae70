import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { availableParallelism, getPriority } from "node:os";
import { expect, inject, test } from "vitest";
import { withClient } from "./connection.ts";
import { standingBack, standsBack } from "./floor.ts";
import { letServerStandBack } from "./stand-back.ts";

test("the server's process for a restore stands back for those of people who work, and no other does", async () => {
  const { connection } = inject("testServer");
  await withClient(connection, (working) =>
    withClient(connection, async (restoring) => {
      const pidOf = async (client: typeof working) =>
        (await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]!.pid;
      const [one, other] = [await pidOf(working), await pidOf(restoring)];
      const before = getPriority(one);
      await letServerStandBack(restoring);
      expect(getPriority(one)).toBe(before);
      expect(getPriority(other)).toBe(standingBack);
      const session = await readFile(`/proc/${other}/autogroup`, "utf8").catch(() => undefined);
      if (session !== undefined) expect(session).toContain(`nice ${standingBack}`);
    }),
  );
});

const busy = () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });

test.runIf(process.getuid?.() === 0)(
  "on a machine whose processors are all taken it stands back no longer, so that a restore ends some time",
  async () => {
    const others = Array.from({ length: availableParallelism() * 3 }, busy);
    const restoring = busy();
    const release = standsBack(restoring.pid!);
    try {
      expect(getPriority(restoring.pid)).toBe(standingBack);
      await expect.poll(() => getPriority(restoring.pid), { timeout: 20_000 }).toBeLessThanOrEqual(0);
    } finally {
      release();
      for (const child of [...others, restoring]) child.kill("SIGKILL");
    }
  },
);
