import { readFile } from "node:fs/promises";
import { getPriority } from "node:os";
import { expect, inject, test } from "vitest";
import { withClient } from "./connection.ts";
import { letServerStandBack, standingBack } from "./stand-back.ts";

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
