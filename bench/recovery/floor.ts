import { spawn } from "node:child_process";
import { rounded, type Results } from "../results.ts";
import { withBackedUp } from "./backed-up.ts";
import { restore } from "./one-tenant.ts";
import type { Part } from "./part.ts";
import { tenantKey, tenantsFolder, withCopy } from "./tenants-folder.ts";

const busyLoops = 10;
const rounds = 3;

/** A tenant of some thousand rows is restored on a quiet machine and on one whose processors are all taken, in turns. */
export async function measureFloor({ quick, say }: Part): Promise<Results> {
  const { folder } = await tenantsFolder([{ tenants: 1, records: quick ? 500 : 2_000 }], say);
  return withCopy(folder, (copy) =>
    withBackedUp(copy, async (backedUp) => {
      await backedUp.command(["backup", "now"]);
      const target = new Date();
      const seconds: Record<"quiet" | "busy", number[]> = { quiet: [], busy: [] };
      for (let round = 0; round < (quick ? 1 : rounds); round++)
        for (const which of ["quiet", "busy"] as const) {
          const loops = which === "busy" ? Array.from({ length: busyLoops }, busy) : [];
          const restored = await restore(backedUp, tenantKey(1), target);
          for (const loop of loops) loop.kill("SIGKILL");
          say(`${which}: ${restored.seconds.toFixed(1)} s ${JSON.stringify(restored.report.seconds)}`);
          seconds[which].push(restored.seconds);
        }
      const [quiet, taken] = [Math.min(...seconds.quiet), Math.max(...seconds.busy)];
      return {
        "recovery.floor.quietSeconds": rounded(quiet),
        "recovery.floor.busySeconds": rounded(taken),
        "recovery.floor.ratio": rounded(taken / quiet),
      };
    }),
  );
}

const busy = () => spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
